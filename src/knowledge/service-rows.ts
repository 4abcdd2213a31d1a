// Room: knowledge/. Images of servers that drop privileges themselves (rule book T1, 4.7 "service images"), as rows. Sources: each image's Dockerfile, docker-library, 2026-08.
import type { ImageRow } from './image-rows.ts';

const entrypoint = ['docker-entrypoint.sh'];
const official = (name: string): string => `docker-library/${name}, Dockerfile templates`;

const rows: readonly ImageRow[] = [
  {
    repository: 'nginx', entrypoint: ['/docker-entrypoint.sh'], cmd: ['nginx', '-g', 'daemon off;'], exposes: ['80'], stopSignal: 'SIGQUIT', versionEnv: 'NGINX_VERSION', unknownEnv: ['NGINX_VERSION', 'NJS_VERSION', 'PKG_RELEASE', 'DYNPKG_RELEASE'],
    users: [{ name: 'nginx', uid: 101, gid: 101, home: '/nonexistent' }], source: 'nginx/docker-nginx, Dockerfile-*.template',
  },
  {
    repository: 'nginxinc/nginx-unprivileged', entrypoint: ['/docker-entrypoint.sh'], cmd: ['nginx', '-g', 'daemon off;'], user: '101', exposes: ['8080'], stopSignal: 'SIGQUIT', unknownEnv: ['NGINX_VERSION', 'NJS_VERSION', 'PKG_RELEASE', 'DYNPKG_RELEASE'],
    users: [{ name: 'nginx', uid: 101, gid: 101, home: '/nonexistent' }], source: 'nginx/docker-nginx-unprivileged',
  },
  {
    repository: 'httpd', cmd: ['httpd-foreground'], workdir: '/usr/local/apache2', env: { HTTPD_PREFIX: '/usr/local/apache2', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/apache2/bin' }, unknownEnv: ['HTTPD_VERSION', 'HTTPD_SHA256', 'HTTPD_PATCHES'], exposes: ['80'], stopSignal: 'SIGWINCH',
    users: [{ name: 'www-data', uid: 33, gid: 33, home: '/var/www' }], source: official('httpd'),
  },
  {
    repository: 'postgres', entrypoint, cmd: ['postgres'], exposes: ['5432'], stopSignal: 'SIGINT', volumes: ['/var/lib/postgresql/data'], envUnknown: true,
    users: [{ name: 'postgres', uid: 999, gid: 999, home: '/var/lib/postgresql' }], source: official('postgres'),
    under: [{ tag: /^(latest$|1[89])/, volumes: ['/var/lib/postgresql'] }, { tag: /alpine/, users: [{ name: 'postgres', uid: 70, gid: 70, home: '/var/lib/postgresql' }] }],
  },
  { repository: 'mysql', entrypoint, cmd: ['mysqld'], exposes: ['3306', '33060'], volumes: ['/var/lib/mysql'], unknownEnv: ['MYSQL_MAJOR', 'MYSQL_VERSION', 'GOSU_VERSION', 'MYSQL_SHELL_VERSION'], users: [{ name: 'mysql', uid: 999, gid: 999, home: '/var/lib/mysql' }], source: official('mysql') },
  { repository: 'mariadb', entrypoint, cmd: ['mariadbd'], exposes: ['3306'], volumes: ['/var/lib/mysql'], env: { LANG: 'C.UTF-8' }, unknownEnv: ['MARIADB_VERSION', 'GOSU_VERSION'], users: [{ name: 'mysql', uid: 999, gid: 999, home: '/home/mysql' }], source: 'MariaDB/mariadb-docker' },
  { repository: 'redis', entrypoint, cmd: ['redis-server'], workdir: '/data', exposes: ['6379'], volumes: ['/data'], unknownEnv: ['REDIS_VERSION', 'REDIS_DOWNLOAD_URL', 'REDIS_DOWNLOAD_SHA', 'GOSU_VERSION'], users: [{ name: 'redis', uid: 999, gid: 999, home: '/home/redis' }], source: 'redis/docker-library-redis' },
  { repository: 'mongo', entrypoint, cmd: ['mongod'], exposes: ['27017'], volumes: ['/data/db', '/data/configdb'], env: { HOME: '/data/db' }, unknownEnv: ['MONGO_MAJOR', 'MONGO_VERSION', 'GOSU_VERSION', 'JSYAML_VERSION', 'MONGO_PACKAGE', 'MONGO_REPO'], users: [{ name: 'mongodb', uid: 999, gid: 999, home: '/data/db' }], source: official('mongo') },
  { repository: 'rabbitmq', entrypoint, cmd: ['rabbitmq-server'], exposes: ['15691', '15692', '25672', '4369', '5671', '5672'], volumes: ['/var/lib/rabbitmq'], envUnknown: true, users: [{ name: 'rabbitmq', uid: 999, gid: 999, home: '/var/lib/rabbitmq' }], source: official('rabbitmq') },
  { repository: 'elasticsearch', entrypoint: ['/bin/tini', '--', '/usr/local/bin/docker-entrypoint.sh'], cmd: ['eswrapper'], workdir: '/usr/share/elasticsearch', user: '1000:0', exposes: ['9200', '9300'], envUnknown: true, users: [{ name: 'elasticsearch', uid: 1000, gid: 1000, home: '/usr/share/elasticsearch' }], source: 'elastic/elasticsearch, distribution/docker' },
];

export const serviceRows: readonly ImageRow[] = rows.map((row) => ({ ...row, service: true }));
