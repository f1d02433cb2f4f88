-- The model: who may do what. Constraint names are sentences of the form '<kind>.<field> must …', which the kernel turns
-- into refusals that name the field. Role attributes are arrays without '#'; roles of policies are arrays with '#' or '@'.

create table model_index (
    one boolean primary key default true constraint "model_index.one must be true" check (one),
    last bigint not null
);
insert into model_index (last) values (0);

-- One index per transaction; writers take it last, under the row lock, so that indexes become visible in order.
create table model_change (
    index bigint not null,
    seq integer not null,
    kind text not null,
    entity_id text not null,
    action text not null constraint "model_change.action must be known" check (action in ('CREATE', 'UPDATE', 'DELETE')),
    at timestamptz not null,
    primary key (index, seq)
);

-- Roles of one policy side against one entity: ids add, attributes combine by the semantic, '#all' takes everyone.
create function role_matches(roles text[], semantic text, entity_id text, attributes text[]) returns boolean
    language sql immutable parallel safe
    return '#all' = any (roles)
        or ('@' || entity_id) = any (roles)
        or case semantic
            when 'AllOf' then
                exists (select from unnest(roles) r where r like '#%')
                and not exists (select from unnest(roles) r where r like '#%' and not (substr(r, 2) = any (attributes)))
            else exists (select from unnest(roles) r where r like '#%' and substr(r, 2) = any (attributes))
        end;

create table config_type (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "configType.name must be unique" unique,
    schema jsonb,
    target text
);

create table config (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "config.name must be unique" unique,
    config_type_id text not null constraint "config.configTypeId must exist" references config_type,
    data jsonb not null
);
create index config_by_type on config (config_type_id);

create table service (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "service.name must be unique" unique,
    terminator_strategy text not null,
    encryption_required boolean not null,
    role_attributes text[] not null default '{}',
    configs text[] not null default '{}',
    max_idle_time_millis bigint not null default 0
);
create index service_by_role_attribute on service using gin (role_attributes);
create index service_by_config on service using gin (configs);

create table identity (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "identity.name must be unique" unique,
    type_id text not null,
    is_admin boolean not null default false,
    is_default_admin boolean not null default false,
    role_attributes text[] not null default '{}',
    auth_policy_id text not null default 'default',
    external_id text constraint "identity.externalId must be unique" unique,
    app_data jsonb not null default '{}',
    default_hosting_cost integer not null default 0,
    default_hosting_precedence text not null default 'default',
    service_hosting_costs jsonb not null default '{}',
    service_hosting_precedences jsonb not null default '{}',
    permissions text[] not null default '{}',
    env_info jsonb not null default '{}',
    sdk_info jsonb not null default '{}',
    disabled_at timestamptz,
    disabled_until timestamptz
);
create index identity_by_role_attribute on identity using gin (role_attributes);

create table identity_service_config (
    identity_id text not null constraint "identity must exist" references identity on delete cascade,
    service_id text not null constraint "serviceId must exist" references service on delete cascade,
    config_id text not null constraint "configId must exist" references config,
    config_type_id text not null references config_type,
    primary key (identity_id, service_id, config_type_id)
);
create index identity_service_config_by_config on identity_service_config (config_id);
create index identity_service_config_by_service on identity_service_config (service_id);

create table edge_router (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "edgeRouter.name must be unique" unique,
    role_attributes text[] not null default '{}',
    is_tunneler_enabled boolean not null default false,
    is_verified boolean not null default false,
    fingerprint text constraint "edgeRouter.fingerprint must be unique" unique,
    cert_pem text,
    unverified_fingerprint text constraint "edgeRouter.unverifiedFingerprint must be unique" unique,
    unverified_cert_pem text,
    cost integer not null default 0 constraint "edgeRouter.cost must be 0 to 65535" check (cost between 0 and 65535),
    no_traversal boolean not null default false,
    disabled boolean not null default false,
    app_data jsonb not null default '{}',
    configs text[] not null default '{}',
    ctrl_chan_listeners jsonb not null default '{}'
);
create index edge_router_by_role_attribute on edge_router using gin (role_attributes);

create table authenticator (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    method text not null constraint "authenticator.method must be known" check (method in ('cert', 'updb')),
    identity_id text not null constraint "authenticator.identityId must exist" references identity on delete cascade,
    username text constraint "authenticator.username must be unique" unique,
    password_hash text,
    fingerprint text constraint "authenticator.fingerprint must be unique" unique,
    cert_pem text,
    unverified_fingerprint text constraint "authenticator.unverifiedFingerprint must be unique" unique,
    unverified_cert_pem text,
    is_issued_by_network boolean not null default false,
    is_extend_requested boolean not null default false,
    is_key_roll_requested boolean not null default false,
    extend_requested_at timestamptz
);
create index authenticator_by_identity on authenticator (identity_id);

create table enrollment (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    method text not null
        constraint "enrollment.method must be known" check (method in ('ott', 'ottca', 'updb', 'erott')),
    token text not null constraint "enrollment.token must be unique" unique,
    jwt text not null,
    expires_at timestamptz not null,
    identity_id text constraint "enrollment.identityId must exist" references identity on delete cascade,
    edge_router_id text constraint "enrollment.edgeRouterId must exist" references edge_router on delete cascade,
    username text,
    ca_id text,
    constraint "enrollment.method must be unique" unique (identity_id, method)
);
create index enrollment_by_router on enrollment (edge_router_id);

create table service_policy (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "servicePolicy.name must be unique" unique,
    type text not null,
    semantic text not null,
    service_roles text[] not null default '{}',
    identity_roles text[] not null default '{}',
    posture_check_roles text[] not null default '{}'
);

create table edge_router_policy (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "edgeRouterPolicy.name must be unique" unique,
    semantic text not null,
    edge_router_roles text[] not null default '{}',
    identity_roles text[] not null default '{}'
);

create table service_edge_router_policy (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "serviceEdgeRouterPolicy.name must be unique" unique,
    semantic text not null,
    edge_router_roles text[] not null default '{}',
    service_roles text[] not null default '{}'
);

create table terminator (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    service_id text not null constraint "terminator.service must exist" references service on delete cascade,
    router_id text not null constraint "terminator.router must exist" references edge_router on delete cascade,
    binding text not null,
    address text not null,
    instance_id text not null default '',
    instance_secret bytea,
    cost integer not null default 0 constraint "terminator.cost must be 0 to 65535" check (cost between 0 and 65535),
    dynamic_cost integer not null default 0,
    precedence text not null default 'default',
    saved_precedence text,
    host_id text not null default '',
    source_ctrl text not null default ''
);
create index terminator_by_service on terminator (service_id);
create index terminator_by_router on terminator (router_id);

create table api_session (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    identity_id text not null constraint "apiSession.identityId must exist" references identity on delete cascade,
    authenticator_id text not null default '',
    token_hash text constraint "apiSession.token must be unique" unique,
    ip_address text not null default '',
    config_types text[] not null default '{}',
    cert_fingerprints text[] not null default '{}',
    is_mfa_required boolean not null default false,
    is_mfa_complete boolean not null default true,
    last_activity_at timestamptz not null,
    expires_at timestamptz not null
);
create index api_session_by_identity on api_session (identity_id);
create index api_session_by_expiry on api_session (expires_at);

create table session (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    api_session_id text not null constraint "session.apiSessionId must exist" references api_session on delete cascade,
    identity_id text not null references identity on delete cascade,
    service_id text not null constraint "session.serviceId must exist" references service on delete cascade,
    type text not null constraint "session.type must be Dial or Bind" check (type in ('Dial', 'Bind'))
);
create index session_by_api_session on session (api_session_id);
create index session_by_service on session (service_id);
create index session_by_identity on session (identity_id);

create table revocation (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    type text not null
        constraint "revocation.type must be known" check (type in ('JTI', 'IDENTITY', 'API_SESSION')),
    expires_at timestamptz not null,
    issued_before timestamptz
);

-- Replicas, this one included, hear of a transaction's changes when it commits.
create function tell_model_index() returns trigger language plpgsql as $$
begin
    perform pg_notify('model_change', new.last::text);
    return null;
end $$;
create trigger model_index_told after update on model_index for each row execute function tell_model_index();
