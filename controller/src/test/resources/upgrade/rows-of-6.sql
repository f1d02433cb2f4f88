-- What a network at migration 6 has: a row or more of every table that people or clients made something in. Words in braces are
-- put in by the test. Written against that schema; never changed with later ones.

insert into config_type (id, created_at, updated_at, name, target, schema)
values ('type-own', '2026-03-01', '2026-03-01', 'own.v1', 'service', '{"type": "object", "required": ["port"]}');
insert into config (id, created_at, updated_at, tags, name, config_type_id, data)
values ('config-own', '2026-03-02', '2026-03-03', '{"team": "red"}', 'web-own', 'type-own', '{"port": 80}'),
       ('config-host', '2026-03-02', '2026-03-02', '{}', 'web-host', 'NH5p4FpGR', '{"protocol": "tcp", "address": "localhost", "port": 80}');
insert into service (id, created_at, updated_at, tags, name, terminator_strategy, encryption_required, role_attributes, configs)
values ('service-web', '2026-03-04', '2026-03-05', '{"owner": "alice"}', 'web', 'smartrouting', true, '{web}', '{config-own,config-host}'),
       ('service-other', '2026-03-04', '2026-03-04', '{}', 'other', 'smartrouting', false, '{}', '{}');

insert into identity (id, created_at, updated_at, name, type_id, is_admin, is_default_admin)
values ('identity-admin', '2026-03-01', '2026-03-01', 'Default Admin', 'Default', true, true);
insert into identity (id, created_at, updated_at, tags, name, type_id, role_attributes, external_id, app_data,
                      service_hosting_costs, env_info)
values ('identity-laptop', '2026-03-06', '2026-03-07', '{"floor": 3}', 'laptop', 'Default', '{staff}', 'laptop@example', '{"k": "v"}',
        '{"service-web": 7}', '{"os": "linux"}');
insert into identity (id, created_at, updated_at, name, type_id, disabled_at)
values ('identity-off', '2026-03-06', '2026-03-06', 'off', 'Default', '2026-03-08'),
       ('identity-new', '2026-03-06', '2026-03-06', 'new', 'Default', null);
insert into identity_service_config (identity_id, service_id, config_id, config_type_id)
values ('identity-laptop', 'service-web', 'config-own', 'type-own');

insert into authenticator (id, created_at, updated_at, method, identity_id, username, password_hash)
values ('authenticator-admin', '2026-03-01', '2026-03-01', 'updb', 'identity-admin', 'admin', '{passwordHash}');
insert into authenticator (id, created_at, updated_at, method, identity_id, fingerprint, cert_pem, is_issued_by_network)
values ('authenticator-laptop', '2026-03-06', '2026-03-06', 'cert', 'identity-laptop', '{fingerprint}', '{cert}', true);
insert into enrollment (id, created_at, updated_at, method, token, jwt, expires_at, identity_id)
values ('enrollment-new', '2026-03-06', '2026-03-06', 'ott', 'token-of-new', 'x.y.z', now() + interval '1 day', 'identity-new');

insert into edge_router (id, created_at, updated_at, name, role_attributes, is_tunneler_enabled, is_verified, fingerprint, cert_pem, cost)
values ('router-1', '2026-03-02', '2026-03-09', 'router-1', '{public}', true, true, 'ffffffffffffffffffffffffffffffffffffffff', '{cert}', 5);
insert into enrollment (id, created_at, updated_at, method, token, jwt, expires_at, edge_router_id)
values ('enrollment-router', '2026-03-06', '2026-03-06', 'erott', 'token-of-router', 'x.y.z', now() + interval '1 day', 'router-1');

insert into service_policy (id, created_at, updated_at, name, type, semantic, service_roles, identity_roles)
values ('policy-dial', '2026-03-05', '2026-03-05', 'dial', 'Dial', 'AnyOf', '{#web}', '{#staff}'),
       ('policy-bind', '2026-03-05', '2026-03-05', 'bind', 'Bind', 'AllOf', '{@service-web}', '{@identity-laptop}');
insert into edge_router_policy (id, created_at, updated_at, name, semantic, edge_router_roles, identity_roles)
values ('policy-routers', '2026-03-05', '2026-03-05', 'routers', 'AnyOf', '{#public}', '{#all}');
insert into service_edge_router_policy (id, created_at, updated_at, name, semantic, edge_router_roles, service_roles)
values ('policy-service-routers', '2026-03-05', '2026-03-05', 'service-routers', 'AnyOf', '{#all}', '{#all}');
insert into terminator (id, created_at, updated_at, service_id, router_id, binding, address, cost, precedence, host_id, peer_data)
values ('terminator-1', '2026-03-10', '2026-03-10', 'service-web', 'router-1', 'edge', 'address-1', 3, 'required', 'identity-laptop', '{"1": "YQ=="}');

insert into api_session (id, created_at, updated_at, identity_id, authenticator_id, ip_address, cert_fingerprints, last_activity_at, expires_at)
values ('api-session-laptop', now(), now(), 'identity-laptop', 'authenticator-laptop', '127.0.0.1', '{{fingerprint}}', now(), now() + interval '1 hour');
insert into session (id, created_at, updated_at, api_session_id, identity_id, service_id, type)
values ('session-laptop', now(), now(), 'api-session-laptop', 'identity-laptop', 'service-web', 'Dial');
insert into revocation (id, created_at, updated_at, type, expires_at, issued_before)
values ('identity-off', now(), now(), 'IDENTITY', now() + interval '30 days', now());
insert into identity_services_seen (identity_id, digest, changed_at) values ('identity-laptop', 'digest', '2026-03-11');
insert into console_proxy (identity_id, seen_at) values ('identity-laptop', now());
insert into console_event (id, created_at, updated_at, at, type, identity_id, identity_name, api_session_id, session_id, host,
                           container_id, container, image, action, reason, bytes_in, bytes_out, details, proxy_id, proxy_name)
values ('event-1', now(), now(), now(), 'console.started', 'identity-gone', 'gone', 'api-session-gone', 'console-1', 'service-web',
        'c0ffee', 'db', 'postgres', 'exec', '', 12, 34, '{"user": "root"}', 'identity-laptop', 'laptop');
insert into model_change (index, seq, kind, entity_id, action, at)
select last + 1, 0, 'service', 'service-web', 'UPDATE', now() from model_index;
update model_index set last = last + 1;
