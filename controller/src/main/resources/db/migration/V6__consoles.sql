-- Consoles of containers: what may be granted (a config of the container host's service), tickets, and what happened.

insert into config_type (id, created_at, updated_at, is_system, name, target, schema)
values ('containers.v1', now(), now(), true, 'containers.v1', 'service', '{
    "$id": "https://postern.io/schemas/containers.v1.config.json",
    "type": "object",
    "additionalProperties": false,
    "required": ["grants"],
    "definitions": {
        "patterns": {
            "type": "array", "minItems": 1, "maxItems": 100,
            "items": {"type": "string", "minLength": 1, "maxLength": 256}
        }
    },
    "properties": {
        "grants": {
            "type": "array", "maxItems": 200,
            "items": {
                "type": "object",
                "additionalProperties": false,
                "required": ["identityRoles", "actions"],
                "properties": {
                    "identityRoles": {
                        "type": "array", "minItems": 1, "maxItems": 100,
                        "items": {"type": "string", "pattern": "^[#@].", "maxLength": 256}
                    },
                    "actions": {
                        "type": "array", "minItems": 1, "uniqueItems": true,
                        "items": {"enum": ["observe", "attach", "exec", "execAsUser", "copyIn", "copyOut", "viewRecording"]}
                    },
                    "containers": {
                        "type": "object",
                        "additionalProperties": false,
                        "properties": {
                            "names": {"$ref": "#/definitions/patterns"},
                            "images": {"$ref": "#/definitions/patterns"},
                            "labels": {
                                "type": "object", "minProperties": 1, "maxProperties": 50,
                                "additionalProperties": {"type": "string", "maxLength": 256}
                            }
                        }
                    },
                    "users": {"$ref": "#/definitions/patterns"}
                }
            }
        },
        "limits": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "sessionsPerUser": {"type": "integer", "minimum": 1, "maximum": 10000},
                "sessionsPerContainer": {"type": "integer", "minimum": 1, "maximum": 10000},
                "idleSeconds": {"type": "integer", "minimum": 10, "maximum": 604800},
                "maxSeconds": {"type": "integer", "minimum": 10, "maximum": 2592000}
            }
        },
        "recording": {
            "type": "object",
            "additionalProperties": false,
            "properties": {
                "mode": {"enum": ["off", "on", "required"]},
                "input": {"type": "boolean"}
            }
        }
    }
}');

-- A container engine's socket is hosted under address unix:/path, which is no host name.
update config_type
set schema = jsonb_set(schema, '{definitions,dialAddress}', '{
    "type": "string",
    "anyOf": [{"format": "idn-hostname", "not": {"pattern": "^$"}}, {"pattern": "^unix:/."}]
}'), updated_at = now()
where name in ('host.v1', 'host.v2') and schema -> 'definitions' ? 'dialAddress';

-- Good once and for a minute at most; only the hash is kept. A ticket goes with its API Session.
create table console_ticket (
    hash bytea primary key,
    api_session_id text not null references api_session on delete cascade,
    purpose text not null,
    token_expires_at timestamptz not null,
    expires_at timestamptz not null
);
create index console_ticket_by_api_session on console_ticket (api_session_id);
create index console_ticket_by_expiry on console_ticket (expires_at);

-- Identities that asked for rights as console proxies, while their policies let them. One whose policy was taken still
-- reports for a while what happened until then.
create table console_proxy (
    identity_id text primary key references identity on delete cascade,
    seen_at timestamptz not null
);

-- Names are kept beside ids, and nothing refers to other tables: an event outlives whom and what it speaks of.
create table console_event (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default true,
    at timestamptz not null,
    type text not null,
    identity_id text not null,
    identity_name text not null,
    api_session_id text not null,
    session_id text not null,
    host text not null,
    container_id text not null,
    container text not null,
    image text not null,
    action text not null,
    reason text not null,
    bytes_in bigint,
    bytes_out bigint,
    duration_millis bigint,
    exit_code integer,
    details jsonb not null,
    proxy_id text not null,
    proxy_name text not null
);
create index console_event_by_time on console_event (at);
create index console_event_by_receipt on console_event (created_at);
create index console_event_by_session on console_event (session_id) where session_id <> '';
create index console_event_by_identity on console_event (identity_id, at);
