-- Sessions of the web viewer.

-- name: add_session
INSERT INTO sessions (digest, token_digest, expires_s) VALUES (?, ?, ?);

-- name: sessions
SELECT digest, token_digest, expires_s FROM sessions ORDER BY expires_s;

-- name: delete_session
DELETE FROM sessions WHERE digest = ?;
