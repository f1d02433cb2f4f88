-- Keys and certificates of the controller, shared by all replicas over this database. Private keys are sealed with the key
-- file (AES-256-GCM); without that file the rows are of no use.

create table pki_key (
    kid text primary key,
    role text not null
        constraint "pki_key.role must be known" check (role in ('root', 'intermediate', 'https', 'jwt')),
    chain_pem text not null,
    sealed_key bytea not null,
    created_at timestamptz not null,
    expires_at timestamptz not null
);
create index pki_key_by_role on pki_key (role, created_at desc);
