-- Who asked for a preview, by the digest of the token, so that one token cannot fill the lane.
ALTER TABLE requests ADD COLUMN holder BLOB NOT NULL DEFAULT x'';
CREATE INDEX requests_by_holder ON requests (holder);
