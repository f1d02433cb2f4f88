-- The controllers over this database. Each says now and then that it lives; routers dial every one of them.

create table controller (
    id text primary key,
    instance text not null,
    version text not null,
    control_address text not null,
    url text not null,
    cert_pem text not null,
    fingerprint text not null,
    joined_at timestamptz not null,
    heard_at timestamptz not null,
    routers_version bigint not null default 0
);

-- Which routers have a control channel to which controller, and what they said of themselves there.
create table router_channel (
    controller_id text not null references controller on delete cascade,
    router_id text not null,
    hostname text not null,
    protocols jsonb not null,
    version text not null,
    primary key (controller_id, router_id)
);

-- Grows whenever a controller comes, goes or moves. Routers follow the highest number, also over one of an older release,
-- which took the time for it.
create table controller_set (
    one boolean primary key default true constraint "controller_set.one must be true" check (one),
    version bigint not null
);
insert into controller_set (version) values (extract(epoch from now())::bigint);

create function grow_controller_set() returns trigger language plpgsql as $$
begin
    update controller_set set version = greatest(version + 1, extract(epoch from now())::bigint);
    return null;
end $$;
create trigger controller_set_grown after insert or delete or update of instance, control_address, url on controller
    for each row execute function grow_controller_set();

create function tell_controllers() returns trigger language plpgsql as $$
begin
    perform pg_notify('controllers', '');
    return null;
end $$;
create trigger controllers_told after insert or delete or update of instance, control_address, url, routers_version on controller
    for each statement execute function tell_controllers();

-- Circuits that another controller took over, so that the one that had them forgets them.
create function tell_circuits() returns trigger language plpgsql as $$
begin
    perform pg_notify('circuits', '');
    return null;
end $$;
create trigger circuits_told after update of controller_id on circuit
    for each statement execute function tell_circuits();
