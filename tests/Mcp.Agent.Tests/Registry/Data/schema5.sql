PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE services (
    name TEXT NOT NULL PRIMARY KEY,
    node TEXT,
    active INTEGER NOT NULL,
    path TEXT,
    deployed_at TEXT NOT NULL,
    deployed_by TEXT NOT NULL
, version TEXT) STRICT;
INSERT INTO services VALUES('shop','rift',0,'src/shop','2026-03-04T05:06:07.1234567Z','kim','v1.2.0');
INSERT INTO services VALUES('blog',NULL,1,NULL,'2026-03-04T05:06:07.1234567Z','kim',NULL);
INSERT INTO services VALUES('empty',NULL,1,NULL,'2026-03-04T05:06:07.1234567Z','kim',NULL);
INSERT INTO services VALUES('jobs',NULL,1,NULL,'2026-03-04T05:06:07.1234567Z','kim',NULL);
INSERT INTO services VALUES('odd',NULL,1,NULL,'2026-03-04T05:06:07.1234567Z','kim',NULL);
CREATE TABLE build_images (
    service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    dockerfile TEXT NOT NULL,
    PRIMARY KEY (service, name)
) STRICT;
INSERT INTO build_images VALUES('shop','api','docker/api');
INSERT INTO build_images VALUES('shop','web','Dockerfile.web');
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
    container_id TEXT, image_id TEXT, digest TEXT, kind TEXT NOT NULL DEFAULT 'server', strategy TEXT NOT NULL DEFAULT 'auto', drain INTEGER, stop_timeout INTEGER, timeout INTEGER,
    PRIMARY KEY (service, name)
) STRICT;
INSERT INTO components VALUES('blog','blog',0,'blog:v1','v1',NULL,NULL,NULL,'running','running','2026-03-04T05:06:07.1234567Z','id-blog',NULL,NULL,'server','auto',NULL,NULL,NULL);
INSERT INTO components VALUES('jobs','jobs',0,'jobs:v1','v1',NULL,NULL,NULL,'stopped','exited','2026-03-04T05:06:07.1234567Z','id-jobs',NULL,NULL,'server','auto',NULL,NULL,NULL);
INSERT INTO components VALUES('jobs','migrate',1,'api:v1','v1',NULL,NULL,NULL,'completed','unknown',NULL,NULL,NULL,NULL,'task','auto',NULL,NULL,NULL);
INSERT INTO components VALUES('odd','web',0,'UPPER CASE','',NULL,NULL,'sometimes','running','unknown',NULL,NULL,NULL,NULL,'server','auto',NULL,NULL,NULL);
INSERT INTO components VALUES('shop','web',0,'registry:5000/team/web:v1.2.0','v1.2.0','front','0:0','on-failure:3','running','running','2026-03-04T05:06:07.1234567Z','id-web','sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','server','auto',NULL,NULL,NULL);
INSERT INTO components VALUES('shop','api',1,'api','',NULL,NULL,NULL,'stopped','dead','2026-03-04T05:06:07.1234567Z','id-api',NULL,NULL,'server','startfirst',1500,0,300000);
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
INSERT INTO component_ports VALUES('shop','web',0,'10.0.0.1',8443,443,'tcp');
INSERT INTO component_ports VALUES('shop','web',1,NULL,53,53,'udp');
INSERT INTO component_ports VALUES('shop','web',2,'::1',80,80,'tcp');
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
INSERT INTO volumes VALUES('odd','web',0,'relative','/x',1,NULL);
INSERT INTO volumes VALUES('odd','web',1,'relative','/y',0,'Z');
INSERT INTO volumes VALUES('shop','web',0,'/srv/shop','/data',0,NULL);
INSERT INTO volumes VALUES('shop','web',1,'cache','/cache',1,'ro,z');
CREATE TABLE cmd (
    service TEXT NOT NULL,
    component TEXT NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (service, component, position),
    FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
) STRICT;
INSERT INTO cmd VALUES('shop','web',0,'serve');
INSERT INTO cmd VALUES('shop','web',1,'--title');
INSERT INTO cmd VALUES('shop','web',2,'');
INSERT INTO cmd VALUES('shop','web',3,replace('a b "c" ''d'' ü\n','\n',char(10)));
CREATE TABLE env (
    service TEXT NOT NULL,
    component TEXT NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (service, component, position),
    FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
) STRICT;
INSERT INTO env VALUES('jobs','migrate',0,replace('PASSWORD=s3cret\n"\','\n',char(10)));
INSERT INTO env VALUES('odd','web',0,'NOEQUALS');
INSERT INTO env VALUES('shop','web',0,'B=2');
INSERT INTO env VALUES('shop','web',1,'A=1=1');
INSERT INTO env VALUES('shop','web',2,'EMPTY=');
INSERT INTO env VALUES('shop','web',3,'B=3');
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
INSERT INTO routes VALUES('blog','blog','',0,443,'l4',NULL,20000);
INSERT INTO routes VALUES('jobs','jobs','',0,443,'l4',NULL,NULL);
INSERT INTO routes VALUES('shop','web','tls',0,443,'l4','shop.example',12345);
INSERT INTO routes VALUES('shop','web','admin',1,8080,'l7',NULL,NULL);
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
CREATE TABLE build_arguments (
    service TEXT NOT NULL REFERENCES services (name) ON DELETE CASCADE,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (service, name)
) STRICT;
INSERT INTO build_arguments VALUES('shop','COLOUR','');
INSERT INTO build_arguments VALUES('shop','MODE','release');
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
INSERT INTO health VALUES('shop','web','/healthz',204,'shop.example',0,0,'tls',NULL,500,2000,5,0,60000);
INSERT INTO health VALUES('shop','api',NULL,NULL,NULL,1,NULL,NULL,80,NULL,NULL,NULL,NULL,NULL);
CREATE TABLE health_exec (
    service TEXT NOT NULL,
    component TEXT NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (service, component, position),
    FOREIGN KEY (service, component) REFERENCES health (service, component) ON DELETE CASCADE
) STRICT;
INSERT INTO health_exec VALUES('shop','api',0,'z');
INSERT INTO health_exec VALUES('shop','api',1,'a');
INSERT INTO health_exec VALUES('shop','api',2,'');
CREATE TABLE depends_on (
    service TEXT NOT NULL,
    component TEXT NOT NULL,
    position INTEGER NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (service, component, position),
    FOREIGN KEY (service, component) REFERENCES components (service, name) ON DELETE CASCADE
) STRICT;
INSERT INTO depends_on VALUES('shop','api',0,'web');
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
INSERT INTO operations VALUES('ended','deploy','shop',NULL,'alice','operator','ipv4:10.0.0.1:5','2026-03-04T05:06:07.1234567Z','2026-11-26T00:47:48.8223426Z',1,'2026-11-26T00:47:18.8421451Z','succeeded','fine');
INSERT INTO operations VALUES('open','deploy','shop','web','alice','operator','ipv4:10.0.0.1:5','2026-03-04T05:07:07.1234567Z','2026-11-26T00:47:48.8437431Z',0,NULL,NULL,'the engine was gone');
INSERT INTO operations VALUES('empty-open','undeploy','blog',NULL,'alice','operator','ipv4:10.0.0.1:5','2026-03-04T05:08:07.1234567Z','2026-11-26T00:47:48.8505795Z',0,NULL,NULL,'');
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
INSERT INTO operation_steps VALUES('open',0,'pull','web','',NULL,NULL,NULL,'','pull web:v2','done');
INSERT INTO operation_steps VALUES('open',1,'rename','web','0123456789ab','shop-web','shop-web-before-open',NULL,'0','rename shop-web','done');
INSERT INTO operation_steps VALUES('open',2,'create','web','shop-web',NULL,NULL,NULL,'0 1','create shop-web','begun');
INSERT INTO operation_steps VALUES('open',3,'stop','web','0123456789ab',NULL,NULL,2500,'2','stop','planned');
INSERT INTO operation_steps VALUES('open',4,'record','','',NULL,NULL,NULL,'3','record','planned');
INSERT INTO operation_steps VALUES('open',5,'remove','web','0123456789ab',NULL,NULL,NULL,'4','remove','skipped');
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
INSERT INTO releases VALUES('shop',1,'ended','deploy',NULL,NULL,'alice',replace('name = "shop"\012node = "rift"\012active = false\012path = "src/shop"\012version = "v1"\012\012[build.images]\012api = "docker/api"\012web = "Dockerfile.web"\012\012[build.args]\012COLOUR = ""\012MODE = "release"\012\012[[components]]\012name = "web"\012image = "registry:5000/team/web:v1.2.0"\012network = "front"\012user = "0:0"\012restart = "on-failure:3"\012ports = ["10.0.0.1:8443:443", "53:53/udp", "[::1]:80:80"]\012volumes = ["/srv/shop:/data", "cache:/cache:ro,z"]\012cmd = ["serve", "--title", "", "a b \"c\" ''d'' ü\n"]\012env = ["B=2", "A=1=1", "EMPTY=", "B=3"]\012\012[components.health]\012http = "/healthz"\012status = 204\012host = "shop.example"\012image = false\012route = "tls"\012interval = "500ms"\012timeout = "2s"\012retries = 5\012start_period = "0s"\012stay_up = "1m"\012\012[[components.routes]]\012name = "tls"\012port = 443\012mode = "l4"\012hostname = "shop.example"\012\012[[components.routes]]\012name = "admin"\012port = 8080\012mode = "l7"\012\012[[components]]\012name = "api"\012image = "api"\012depends_on = ["web"]\012strategy = "start-first"\012drain = "1500ms"\012stop_timeout = "0s"\012timeout = "5m"\012\012[components.health]\012tcp = true\012exec = ["z", "a", ""]\012port = 80\012','\012',char(10)),'2026-03-04T05:06:07.1234567Z','2026-03-04T05:06:07.1234567Z','succeeded','');
INSERT INTO releases VALUES('shop',2,'open','deploy',NULL,'web','alice',replace('name = "shop"\012node = "rift"\012active = false\012path = "src/shop"\012version = "v1.2.0"\012\012[build.images]\012api = "docker/api"\012web = "Dockerfile.web"\012\012[build.args]\012COLOUR = ""\012MODE = "release"\012\012[[components]]\012name = "web"\012image = "registry:5000/team/web:v1.2.0"\012network = "front"\012user = "0:0"\012restart = "on-failure:3"\012ports = ["10.0.0.1:8443:443", "53:53/udp", "[::1]:80:80"]\012volumes = ["/srv/shop:/data", "cache:/cache:ro,z"]\012cmd = ["serve", "--title", "", "a b \"c\" ''d'' ü\n"]\012env = ["B=2", "A=1=1", "EMPTY=", "B=3"]\012\012[components.health]\012http = "/healthz"\012status = 204\012host = "shop.example"\012image = false\012route = "tls"\012interval = "500ms"\012timeout = "2s"\012retries = 5\012start_period = "0s"\012stay_up = "1m"\012\012[[components.routes]]\012name = "tls"\012port = 443\012mode = "l4"\012hostname = "shop.example"\012\012[[components.routes]]\012name = "admin"\012port = 8080\012mode = "l7"\012\012[[components]]\012name = "api"\012image = "api"\012depends_on = ["web"]\012strategy = "start-first"\012drain = "1500ms"\012stop_timeout = "0s"\012timeout = "5m"\012\012[components.health]\012tcp = true\012exec = ["z", "a", ""]\012port = 80\012','\012',char(10)),'2026-03-04T05:07:07.1234567Z',NULL,'running','');
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
INSERT INTO release_images VALUES('shop',1,'web','registry:5000/team/web:v1.2.0','sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','sha256:bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb');
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
DELETE FROM sqlite_sequence;
CREATE INDEX events_service ON events (service, id);
CREATE INDEX events_at ON events (at);
CREATE UNIQUE INDEX operations_open ON operations (service) WHERE ended_at IS NULL;
CREATE INDEX audit_service ON audit (service, id);
CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
CREATE TRIGGER audit_keeps_text BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit is append-only'); END;
COMMIT;
PRAGMA user_version = 5;
