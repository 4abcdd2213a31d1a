// Room: ecosystems/rust. The table of calls that touch the world at run time: the last two parts of the path, or a bare name.
import { once } from '../../once.ts';
import type { SourceHit } from '../types.ts';

export interface CallRule {
  kind: SourceHit['kind'];
  /** Positions of the arguments that name a file or program. */
  args?: readonly number[];
  /** Literal that is meant by the call itself. */
  means?: string;
  /** Only when the argument is a literal (the call alone reads nothing). */
  literalOnly?: true;
}

const rows: [rule: CallRule, names: string][] = [];
const add = (...row: (typeof rows)[number]): unknown => rows.push(row);
/** By name; made where there is Rust. */
const rules = once(() => {
  const found = new Map<string, CallRule[]>();
  for (const [rule, names] of rows) for (const name of names.split(' ')) found.set(name, [...(found.get(name) ?? []), rule]);
  return found;
});

// Standard library (https://doc.rust-lang.org/std) and its twins in tokio and async-std.
add(
  { kind: 'read', args: [0] },
  'fs::read fs::read_to_string fs::read_dir fs::metadata fs::canonicalize fs::copy fs::read_link fs::try_exists File::open',
);
add({ kind: 'read', args: [0], literalOnly: true }, 'Path::new PathBuf::from Utf8Path::new Utf8PathBuf::from');
add({ kind: 'read' }, 'env::current_dir env::current_exe');
add(
  { kind: 'write', args: [0] },
  'fs::write fs::create_dir fs::create_dir_all fs::remove_file fs::remove_dir fs::remove_dir_all fs::rename fs::set_permissions fs::hard_link File::create File::create_new DirBuilder::new OpenOptions::new',
);
add({ kind: 'temp' }, 'env::temp_dir');
add({ kind: 'user' }, 'env::home_dir');
// Crates; sources: their documentation on https://docs.rs.
add({ kind: 'temp' }, 'tempfile::tempfile tempfile::tempdir NamedTempFile::new TempDir::new TempDir::with_prefix tempfile::Builder');
add(
  { kind: 'user' },
  'dirs::home_dir dirs::config_dir dirs::data_dir dirs::cache_dir home::home_dir ProjectDirs::from BaseDirs::new UserDirs::new whoami::username users::get_current_username',
);
add(
  { kind: 'timezone' },
  'Local::now OffsetDateTime::now_local UtcOffset::current_local_offset Zoned::now TimeZone::system iana_time_zone::get_timezone',
);
add(
  { kind: 'read', args: [0] },
  'ServeDir::new ServeFile::new NamedFile::open NamedFile::open_async FileServer::from FileServer::new Tera::new Tera::parse fs::dir fs::file path_loader minijinja::path_loader Migrator::new log4rs::init_file Toml::file Yaml::file Json::file Reader::open_readfile Ini::load_from_file',
);
add({ kind: 'read', args: [1] }, 'Files::new fs::Files::new');
add({ kind: 'read', means: 'templates' }, 'Template::fairing Template::custom');
add({ kind: 'read', means: 'Rocket.toml' }, 'rocket::build rocket::ignite');
add({ kind: 'env-file', means: '.env' }, 'dotenv::dotenv dotenvy::dotenv dotenv dotenvy::load dotenvy::dotenv_override');
add(
  { kind: 'env-file', args: [0] },
  ['dotenv', 'dotenvy']
    .flatMap((crate) =>
      ['from_path', 'from_filename', 'from_path_override', 'from_filename_override', 'from_path_iter', 'from_filename_iter'].map(
        (name) => `${crate}::${name}`,
      ),
    )
    .join(' ') + ' EnvLoader::with_path',
);
add({ kind: 'dlopen', args: [0] }, 'Library::new');
add(
  { kind: 'write', args: [0] },
  'rolling::daily rolling::hourly rolling::minutely rolling::never RollingFileAppender::new Connection::open sled::open DB::open_default Database::create',
);

export const rulesFor = (name: string): readonly CallRule[] => rules().get(name) ?? [];

/** Bare names that count when the file takes them from a `fs` module. */
export const bareFs = new Set(['read_to_string', 'read_dir', 'create_dir', 'create_dir_all', 'remove_file', 'remove_dir_all']);
/** Methods, by name: `.register_templates_directory(".hbs", "templates")`. */
export const methods: Readonly<Record<string, readonly number[]>> = {
  register_templates_directory: [0, 1],
  register_template_file: [1],
  register_partials_directory: [1],
  load_from_file: [0],
};
/** Crates whose use means TLS as a client. */
export const tlsCrates =
  /(?<![A-Za-z0-9_:])(reqwest|ureq|hyper_tls|hyper_rustls|native_tls|tokio_native_tls|tokio_rustls|openssl|isahc|surf|awc|lettre|aws_config|octocrab|async_openai|tungstenite|tokio_tungstenite|kube|sentry|tonic|curl)::/g;
