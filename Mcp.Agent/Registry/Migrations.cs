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
    ];
}
