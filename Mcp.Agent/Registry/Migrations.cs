namespace Mcp.Agent.Registry;

/// <summary>The schema's history. Times are UTC in ISO 8601 with seven decimals, so that text order is time order.</summary>
internal static class Migrations
{
    public static readonly IReadOnlyList<Migration> All =
    [
        new(1, """
            CREATE TABLE services (
                name TEXT NOT NULL PRIMARY KEY,
                node TEXT,
                active INTEGER NOT NULL,
                path TEXT,
                deployed_at TEXT NOT NULL,
                deployed_by TEXT NOT NULL
            ) STRICT;

            CREATE TABLE build_images (
                service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
                name TEXT NOT NULL,
                dockerfile TEXT NOT NULL,
                PRIMARY KEY (service, name)
            ) STRICT;

            CREATE TABLE components (
                service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
                name TEXT NOT NULL,
                position INTEGER NOT NULL,
                image TEXT NOT NULL,
                version TEXT NOT NULL,
                network TEXT,
                user TEXT,
                restart TEXT,
                desired TEXT NOT NULL,
                observed TEXT NOT NULL,
                observed_at TEXT,
                container_id TEXT,
                PRIMARY KEY (service, name)
            ) STRICT;

            CREATE TABLE component_ports (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                position INTEGER NOT NULL,
                host_ip TEXT,
                host_port INTEGER NOT NULL,
                container_port INTEGER NOT NULL,
                protocol TEXT NOT NULL,
                PRIMARY KEY (service, component, position),
                FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
            ) STRICT;

            CREATE TABLE volumes (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                position INTEGER NOT NULL,
                source TEXT NOT NULL,
                target TEXT NOT NULL,
                read_only INTEGER NOT NULL,
                options TEXT,
                PRIMARY KEY (service, component, position),
                FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
            ) STRICT;

            CREATE TABLE cmd (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                position INTEGER NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (service, component, position),
                FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
            ) STRICT;

            CREATE TABLE env (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                position INTEGER NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (service, component, position),
                FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
            ) STRICT;

            CREATE TABLE routes (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                name TEXT NOT NULL,
                position INTEGER NOT NULL,
                port INTEGER NOT NULL,
                mode TEXT NOT NULL,
                hostname TEXT,
                host_port INTEGER UNIQUE,
                PRIMARY KEY (service, component, name),
                FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
            ) STRICT;

            -- No reference to services: what happened outlives the service that it happened to.
            CREATE TABLE events (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at TEXT NOT NULL,
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                kind TEXT NOT NULL,
                from_state TEXT NOT NULL,
                to_state TEXT NOT NULL,
                message TEXT NOT NULL,
                actor TEXT NOT NULL
            ) STRICT;
            CREATE INDEX events_service ON events (service, id);
            CREATE INDEX events_at ON events (at);
            """),
        new(2, """
            ALTER TABLE services ADD COLUMN version TEXT;

            CREATE TABLE build_arguments (
                service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
                name TEXT NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (service, name)
            ) STRICT;
            """),
        new(3, """
            ALTER TABLE components ADD COLUMN image_id TEXT;
            ALTER TABLE components ADD COLUMN digest TEXT;
            """),
        new(4, """
            CREATE TABLE health (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                http TEXT,
                status INTEGER,
                host TEXT,
                tcp INTEGER NOT NULL,
                image INTEGER,
                route TEXT,
                port INTEGER,
                interval_ms INTEGER,
                timeout_ms INTEGER,
                retries INTEGER,
                start_period_ms INTEGER,
                stay_up_ms INTEGER,
                PRIMARY KEY (service, component),
                FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
            ) STRICT;

            CREATE TABLE health_exec (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                position INTEGER NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (service, component, position),
                FOREIGN KEY (service, component) REFERENCES health (service, component) ON DELETE CASCADE
            ) STRICT;
            """),
        new(5, """
            ALTER TABLE components ADD COLUMN kind TEXT NOT NULL DEFAULT 'server';
            ALTER TABLE components ADD COLUMN strategy TEXT NOT NULL DEFAULT 'auto';
            ALTER TABLE components ADD COLUMN drain INTEGER;
            ALTER TABLE components ADD COLUMN stop_timeout INTEGER;
            ALTER TABLE components ADD COLUMN timeout INTEGER;

            CREATE TABLE depends_on (
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                position INTEGER NOT NULL,
                value TEXT NOT NULL,
                PRIMARY KEY (service, component, position),
                FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
            ) STRICT;

            -- Operations outlive services, and are written before they act. One without an end has its service: that is the lease.
            CREATE TABLE operations (
                id TEXT NOT NULL PRIMARY KEY,
                kind TEXT NOT NULL,
                service TEXT NOT NULL,
                component TEXT,
                actor TEXT NOT NULL,
                role TEXT NOT NULL,
                peer TEXT NOT NULL,
                started_at TEXT NOT NULL,
                expires_at TEXT NOT NULL,
                recorded INTEGER NOT NULL DEFAULT 0,
                ended_at TEXT,
                outcome TEXT,
                message TEXT NOT NULL DEFAULT ''
            ) STRICT;
            CREATE UNIQUE INDEX operations_open ON operations (service) WHERE ended_at IS NULL;

            -- What undoing or finishing needs to know of each step; no environment, no command.
            CREATE TABLE operation_steps (
                operation TEXT NOT NULL REFERENCES operations (id) ON DELETE CASCADE,
                position INTEGER NOT NULL,
                action TEXT NOT NULL,
                component TEXT NOT NULL,
                container TEXT NOT NULL,
                name_from TEXT,
                name_to TEXT,
                time INTEGER,
                after TEXT NOT NULL,
                description TEXT NOT NULL,
                state TEXT NOT NULL,
                PRIMARY KEY (operation, position)
            ) STRICT;

            -- No reference to services: the history of an undeployed service stays.
            CREATE TABLE releases (
                service TEXT NOT NULL,
                number INTEGER NOT NULL,
                operation TEXT NOT NULL UNIQUE,
                kind TEXT NOT NULL,
                rollback_of INTEGER,
                component TEXT,
                actor TEXT NOT NULL,
                definition TEXT NOT NULL,
                started_at TEXT NOT NULL,
                ended_at TEXT,
                outcome TEXT NOT NULL,
                message TEXT NOT NULL DEFAULT '',
                PRIMARY KEY (service, number)
            ) STRICT;

            CREATE TABLE release_images (
                service TEXT NOT NULL,
                number INTEGER NOT NULL,
                component TEXT NOT NULL,
                reference TEXT NOT NULL,
                image_id TEXT NOT NULL,
                digest TEXT NOT NULL,
                PRIMARY KEY (service, number, component),
                FOREIGN KEY (service, number) REFERENCES releases (service, number) ON DELETE CASCADE
            ) STRICT;

            CREATE TABLE audit (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                at TEXT NOT NULL,
                actor TEXT NOT NULL,
                role TEXT NOT NULL,
                peer TEXT NOT NULL,
                action TEXT NOT NULL,
                service TEXT NOT NULL,
                component TEXT NOT NULL,
                operation TEXT NOT NULL,
                outcome TEXT NOT NULL,
                message TEXT NOT NULL
            ) STRICT;
            CREATE INDEX audit_service ON audit (service, id);
            CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            CREATE TRIGGER audit_keeps_text BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
            """),
        new(6, DefinitionsAsText.Apply),
        // As events have it: a look for what was done since a time must not read all that was ever done.
        new(7, "CREATE INDEX audit_at ON audit (at)"),
        new(8, AuditChain.Apply),
    ];
}
