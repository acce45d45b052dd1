-- API tokens.

-- name: add_token
INSERT INTO tokens (id, name, scopes, digest, created_at, revoked_at) VALUES (?, ?, ?, ?, ?, ?);

-- name: tokens
-- Oldest first; tokens are few.
SELECT id, name, scopes, digest, created_at, revoked_at FROM tokens ORDER BY pk;

-- name: token
SELECT id, name, scopes, digest, created_at, revoked_at FROM tokens WHERE id = ?;

-- name: revoke_token
-- The first time counts.
UPDATE tokens SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL;
