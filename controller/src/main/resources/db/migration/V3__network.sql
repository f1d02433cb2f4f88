-- The network: which circuits live, and which sequence of indexes this is.

create table model_timeline (
    one boolean primary key default true constraint "model_timeline.one must be true" check (one),
    id text not null
);
insert into model_timeline (id) values (replace(gen_random_uuid()::text, '-', ''));

-- One row per live circuit, written behind the answer: what a restarted controller needs to reroute and to end it.
create table circuit (
    id text primary key,
    controller_id text not null,
    created_at timestamptz not null,
    identity_id text not null,
    service_id text not null,
    terminator_id text not null,
    ingress_address text not null,
    egress_address text not null,
    cost bigint not null,
    routers text[] not null,
    links text[] not null
);
create index circuit_by_controller on circuit (controller_id);

-- What the hosting side wants dialers to be told, header id to base64.
alter table terminator add column peer_data jsonb not null default '{}';
