-- Who is signed in at the web viewer. Of a session's secret and of the token that opened it only the SHA-256 is kept;
-- the session is good as long as that token is.
CREATE TABLE sessions (
    digest BLOB PRIMARY KEY,
    token_digest BLOB NOT NULL,
    expires_s REAL NOT NULL
) STRICT, WITHOUT ROWID;
