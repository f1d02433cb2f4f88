-- OIDC logins: any replica can take each step of one, so everything between two steps is here.

-- A login from authorize until its code cannot be redeemed any more.
create table oidc_login (
    id text primary key,
    created_at timestamptz not null,
    expires_at timestamptz not null,
    remote_address text not null,
    client_id text not null,
    redirect_uri text not null,
    scopes text[] not null,
    state text not null,
    nonce text not null,
    code_challenge text not null,
    api_session_id text references api_session on delete cascade,
    fingerprint text,
    authenticated_at timestamptz,
    code_hash text unique,
    code_expires_at timestamptz,
    redeemed_at timestamptz
);
create index oidc_login_by_expiry on oidc_login (expires_at);
create index oidc_login_by_api_session on oidc_login (api_session_id);
-- logins that nobody has authenticated: how many there may be is limited
create index oidc_login_open on oidc_login (remote_address) where api_session_id is null;

-- What an API Session begun by OIDC may still be given. Only the latest refresh token is good.
create table oidc_grant (
    api_session_id text primary key references api_session on delete cascade,
    client_id text not null,
    scopes text[] not null,
    nonce text not null,
    authenticated_at timestamptz not null,
    refresh_id text,
    previous_refresh_id text,
    refreshed_at timestamptz
);
