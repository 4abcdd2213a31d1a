// Room: ecosystems/go. The table of calls that touch the world at run time, by import path and function.
import { once } from '../../once.ts';
import type { SourceHit } from '../types.ts';

export type HitKind = SourceHit['kind'];
export interface CallRule {
  kind: HitKind;
  /** Positions of the arguments that name a file, program or zone; 'all' for every argument; undefined: none does. */
  args?: readonly number[] | 'all';
  /** Literal that is meant when the call has no arguments. */
  without?: string;
}

const rows: [packagePath: string, kind: HitKind, names: string, args?: CallRule['args'], without?: string][] = [];
const add = (...row: (typeof rows)[number]): unknown => rows.push(row);
/** By name with its package; made where there is Go. */
const rules = once(() => {
  const found = new Map<string, CallRule[]>();
  for (const [packagePath, kind, names, args, without] of rows)
    for (const name of names.split(' ')) {
      const key = `${packagePath}.${name}`;
      found.set(key, [...(found.get(key) ?? []), { kind, args, without }]);
    }
  return found;
});

// Source of all rows of the standard library: https://pkg.go.dev/std.
add('os', 'read', 'Open ReadFile ReadDir DirFS Stat Lstat Readlink OpenRoot', [0]);
add('os', 'read', 'Getwd Executable');
add('os', 'write', 'Create WriteFile Mkdir MkdirAll Remove RemoveAll Chmod Chown Truncate CopyFS', [0]);
add('os', 'write', 'Rename', [0, 1]);
add('os', 'write', 'Symlink Link', [1]);
add('os', 'temp', 'TempDir');
add('os', 'user', 'UserHomeDir UserConfigDir UserCacheDir');
add('os', 'spawn', 'StartProcess', [0]);
add('io/ioutil', 'read', 'ReadFile ReadDir', [0]);
add('io/ioutil', 'write', 'WriteFile', [0]);
add('path/filepath', 'read', 'Walk WalkDir Glob', [0]);
add('os/exec', 'spawn', 'Command LookPath', [0]);
add('os/exec', 'spawn', 'CommandContext', [1]);
add('syscall', 'spawn', 'Exec ForkExec', [0]);
add('golang.org/x/sys/unix', 'spawn', 'Exec', [0]);
add('plugin', 'dlopen', 'Open', [0]);
add('html/template', 'read', 'ParseFiles', 'all');
add('html/template', 'read', 'ParseGlob', [0]);
add('text/template', 'read', 'ParseFiles', 'all');
add('text/template', 'read', 'ParseGlob', [0]);
add('net/http', 'read', 'Dir', [0]);
add('net/http', 'read', 'ServeFile', [2]);
add('net/http', 'read', 'ListenAndServeTLS ServeTLS', [1, 2]);
add('net/http', 'mime', 'FileServer ServeFile ServeContent FileServerFS ServeFileFS');
add('net/http', 'tls', 'Get Post Head PostForm NewRequest NewRequestWithContext Client DefaultClient Transport DefaultTransport');
add('mime', 'mime', 'TypeByExtension ExtensionsByType');
// What these send or serve gets its type by mime.TypeByExtension or http.FileServer. Sources: their sources on https://pkg.go.dev.
add('github.com/gin-contrib/static', 'mime', 'Serve ServeRoot');
add('github.com/valyala/fasthttp', 'mime', 'FS FSHandler ServeFile ServeFileUncompressed ServeFileBytes');
add('gopkg.in/gomail', 'mime', 'NewMessage');
add('github.com/jordan-wright/email', 'mime', 'NewEmail');
add('github.com/wneessen/go-mail', 'mime', 'NewMsg');
add('crypto/tls', 'read', 'LoadX509KeyPair', [0, 1]);
add('crypto/tls', 'tls', 'Dial DialWithDialer Client');
add('crypto/x509', 'tls', 'SystemCertPool');
add('time', 'timezone', 'LoadLocation', [0]);
add('os/user', 'user', 'Current Lookup LookupId LookupGroup LookupGroupId');

// Libraries, by module path without the major version. Sources: their documentation on https://pkg.go.dev.
add('github.com/joho/godotenv', 'env-file', 'Load Overload Read', 'all', '.env');
add('github.com/gobuffalo/envy', 'env-file', 'Load', 'all', '.env');
add('github.com/spf13/viper', 'read', 'SetConfigFile AddConfigPath', [0]);
add('github.com/golang-migrate/migrate', 'read', 'New NewWithDatabaseInstance', [0]);
add('github.com/pressly/goose', 'read', 'Up UpContext Down Run RunContext', [1]);
add('golang.org/x/crypto/acme/autocert', 'write', 'DirCache', [0]);
add('github.com/casbin/casbin', 'read', 'NewEnforcer NewSyncedEnforcer NewCachedEnforcer', [0, 1]);
add('github.com/BurntSushi/toml', 'read', 'DecodeFile', [0]);
add('google.golang.org/api/option', 'read', 'WithCredentialsFile', [0]);
add('google.golang.org/api/option', 'read', 'WithAuthCredentialsFile', [1]);
add('google.golang.org/grpc/credentials', 'read', 'NewClientTLSFromFile', [0]);
add('google.golang.org/grpc/credentials', 'read', 'NewServerTLSFromFile', [0, 1]);
add('github.com/go-ini/ini', 'read', 'Load', [0]);
add('gopkg.in/ini', 'read', 'Load', [0]);
add('github.com/ilyakaznacheev/cleanenv', 'read', 'ReadConfig', [0]);
add('github.com/nicksnyder/go-i18n/i18n', 'read', 'LoadTranslationFile MustLoadTranslationFile', [0]);
add('github.com/oschwald/geoip2-golang', 'read', 'Open', [0]);
add('github.com/oschwald/maxminddb-golang', 'read', 'Open', [0]);
add('github.com/gofiber/template/html', 'read', 'New', [0]);
add('github.com/unrolled/render', 'read', 'New');
add('github.com/natefinch/lumberjack', 'write', 'Logger');
add('gopkg.in/natefinch/lumberjack', 'write', 'Logger');
add('github.com/glebarez/sqlite', 'write', 'Open', [0]);
add('gorm.io/driver/sqlite', 'write', 'Open', [0]);
add('go.etcd.io/bbolt', 'write', 'Open', [0]);
add('github.com/boltdb/bolt', 'write', 'Open', [0]);
add('github.com/dgraph-io/badger', 'write', 'DefaultOptions', [0]);
add('github.com/syndtr/goleveldb/leveldb', 'write', 'OpenFile', [0]);
add('github.com/cockroachdb/pebble', 'write', 'Open', [0]);
add('github.com/tidwall/buntdb', 'write', 'Open', [0]);
add('github.com/asdine/storm', 'write', 'Open', [0]);
add('github.com/blevesearch/bleve', 'write', 'New Open', [0]);
add('github.com/disintegration/imaging', 'write', 'Save', [1]);
add('github.com/skip2/go-qrcode', 'write', 'WriteFile', [3]);
add('github.com/lestrrat-go/file-rotatelogs', 'write', 'New', [0]);
add('github.com/otiai10/copy', 'write', 'Copy', [1]);
add('github.com/go-git/go-git', 'write', 'PlainClone', [0]);

/** Rules for `name` of the package at `path` (as imported). */
export function rulesFor(path: string, name: string): readonly CallRule[] {
  return rules().get(`${path}.${name}`) ?? rules().get(`${withoutVersion(path)}.${name}`) ?? [];
}

/** A module path without `/v2` or `.v2`. */
export const withoutVersion = (path: string): string =>
  /[/.]v\d/.test(path) ? path.replace(/\/v\d{1,4}(?=\/|$)/, '').replace(/\.v\d{1,4}(?=\/|$)/, '') : path;

/** Calls of methods, known by their name alone. `framework`: only when a web framework is imported (the name is a common word). */
export const methods: Readonly<Record<string, CallRule & { framework?: true; more?: CallRule }>> = {
  ParseFiles: { kind: 'read', args: 'all' },
  ParseGlob: { kind: 'read', args: [0] },
  LoadHTMLGlob: { kind: 'read', args: [0] },
  LoadHTMLFiles: { kind: 'read', args: 'all' },
  ListenAndServeTLS: { kind: 'read', args: [0, 1] },
  RunTLS: { kind: 'read', args: [1, 2] },
  ListenTLS: { kind: 'read', args: [1, 2] },
  SetConfigFile: { kind: 'read', args: [0] },
  AddConfigPath: { kind: 'read', args: [0] },
  FormFile: { kind: 'temp' },
  ParseMultipartForm: { kind: 'temp' },
  MultipartForm: { kind: 'temp' },
  SaveUploadedFile: { kind: 'write', args: [1] },
  // of fiber and beego; of excelize, gofpdf and gg
  SaveFile: { kind: 'write', args: [1], framework: true },
  SaveToFile: { kind: 'write', args: [1], framework: true },
  SaveAs: { kind: 'write', args: [0] },
  OutputFileAndClose: { kind: 'write', args: [0] },
  SavePNG: { kind: 'write', args: [0] },
  FPutObject: { kind: 'mime' },
  StaticFS: { kind: 'mime', framework: true },
  StaticFileFS: { kind: 'mime', framework: true },
  FileFromFS: { kind: 'mime', framework: true },
  Static: { kind: 'read', args: [1], framework: true, more: { kind: 'mime' } },
  StaticFile: { kind: 'read', args: [1], framework: true, more: { kind: 'mime' } },
  SendFile: { kind: 'read', args: [0], framework: true, more: { kind: 'mime' } },
  FileAttachment: { kind: 'read', args: [0], framework: true, more: { kind: 'mime' } },
  Attachment: { kind: 'read', args: [0], framework: true, more: { kind: 'mime' } },
  File: { kind: 'read', args: 'all', framework: true, more: { kind: 'mime' } },
};
export const frameworks = [
  'github.com/gin-gonic/gin',
  'github.com/labstack/echo',
  'github.com/gofiber/fiber',
  'github.com/kataras/iris',
  'github.com/beego/beego',
  'github.com/astaxie/beego',
];

/** Frameworks that read files by their convention. Sources: beego.gocn.vip, configuration; goframe.org, configuration; gobuffalo.io, database. */
export const conventions: readonly { imported: string; reads: readonly string[] }[] = [
  { imported: 'github.com/beego/beego', reads: ['conf', 'views', 'static', 'swagger', 'lang'] },
  { imported: 'github.com/astaxie/beego', reads: ['conf', 'views', 'static', 'swagger', 'lang'] },
  { imported: 'github.com/revel/revel', reads: ['conf', 'app/views', 'messages', 'public'] },
  {
    imported: 'github.com/gogf/gf',
    reads: ['config', 'config.yaml', 'config.toml', 'manifest/config', 'manifest/i18n', 'resource', 'i18n', 'template', 'public'],
  },
  { imported: 'github.com/gobuffalo/buffalo', reads: ['templates', 'public', 'locales', 'assets', 'config'] },
  { imported: 'github.com/gobuffalo/pop', reads: ['database.yml', 'config/database.yml', 'migrations'] },
  { imported: 'github.com/goravel/framework', reads: ['resources', 'public', 'storage', 'lang'] },
];

/** Imports that make TLS connections as a client: the program wants the certificates of authorities. */
export const tlsImports = [
  ...['crypto/tls', 'net/smtp', 'google.golang.org/grpc', 'google.golang.org/api', 'cloud.google.com/go', 'firebase.google.com/go'],
  ...[
    'github.com/aws/aws-sdk-go',
    'github.com/aws/aws-sdk-go-v2',
    'github.com/Azure/azure-sdk-for-go',
    'github.com/minio/minio-go',
    'github.com/hashicorp/vault/api',
  ],
  ...[
    'github.com/stripe/stripe-go',
    'github.com/slack-go/slack',
    'github.com/sashabaranov/go-openai',
    'github.com/google/go-github',
    'github.com/go-resty/resty',
    'github.com/getsentry/sentry-go',
    'golang.org/x/oauth2',
  ],
  ...['k8s.io/client-go', 'github.com/docker/docker/client', 'go.opentelemetry.io/otel/exporters'],
  ...[
    'github.com/lib/pq',
    'github.com/jackc/pgx',
    'github.com/go-sql-driver/mysql',
    'go.mongodb.org/mongo-driver',
    'github.com/redis/go-redis',
    'github.com/go-redis/redis',
    'gorm.io/driver/postgres',
    'gorm.io/driver/mysql',
  ],
  ...[
    'github.com/segmentio/kafka-go',
    'github.com/IBM/sarama',
    'github.com/Shopify/sarama',
    'github.com/nats-io/nats.go',
    'github.com/rabbitmq/amqp091-go',
    'github.com/streadway/amqp',
    'github.com/eclipse/paho.mqtt.golang',
  ],
];

/** True when an import path is `prefix` or lies below it, major versions aside. */
export function importMatches(path: string, prefix: string): boolean {
  return isBelow(path, prefix) || isBelow(withoutVersion(path), prefix);
}
const isBelow = (path: string, prefix: string): boolean =>
  path.startsWith(prefix) && (path.length === prefix.length || path[prefix.length] === '/');
