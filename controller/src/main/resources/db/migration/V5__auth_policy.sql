-- How identities may authenticate. One policy, which everybody has; nobody makes others yet.

create table auth_policy (
    id text primary key,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    tags jsonb not null default '{}',
    is_system boolean not null default false,
    name text not null constraint "authPolicy.name must be unique" unique,
    primary_rules jsonb not null,
    secondary_rules jsonb not null
);

insert into auth_policy (id, created_at, updated_at, is_system, name, primary_rules, secondary_rules)
values ('default', now(), now(), true, 'Default', '{
    "cert": {"allowed": true, "allowExpiredCerts": true},
    "extJwt": {"allowed": false, "allowedSigners": []},
    "updb": {
        "allowed": true, "lockoutDurationMinutes": 0, "maxAttempts": 0, "minPasswordLength": 5,
        "requireMixedCase": false, "requireNumberChar": false, "requireSpecialChar": false
    }
}', '{"requireTotp": false}');

alter table identity
    add constraint "identity.authPolicyId must exist" foreign key (auth_policy_id) references auth_policy;
