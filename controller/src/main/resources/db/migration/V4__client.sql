-- What an identity saw of its services last, so that "changed since" is the same from every replica.

create table identity_services_seen (
    identity_id text primary key references identity on delete cascade,
    digest text not null,
    changed_at timestamptz not null
);
