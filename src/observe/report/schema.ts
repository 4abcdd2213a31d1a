// Room: observe/report/. The form of `observe --format json`, once: the JSON Schema and tests come from here. The types stand in src/image/types.ts.
import { z } from 'zod';
import type { ImageFacts } from '../../image/types.ts';

const bytes = z.int().min(0);
const count = z.int().min(0);
const texts = z.array(z.string());
const notSeen = z.object({ unknown: z.string() }).strict().describe('What could not be looked up, and why.');

const config = {
  user: z.string().describe("'' is root."),
  env: z.record(z.string(), z.string()).describe('Values that look like secrets, and those of build arguments, are ***.'),
  entrypoint: texts.nullable(),
  cmd: texts.nullable(),
  workdir: z.string(),
  ports: texts,
  volumes: texts,
  labels: texts.describe('Names alone.'),
  shell: texts.nullable(),
  healthcheck: z.boolean(),
};

const system = z
  .object({
    id: z.string().nullable().describe('ID of /etc/os-release.'),
    version: z.string().nullable(),
    codename: z.string().nullable(),
    libc: z.enum(['glibc', 'musl']).nullable(),
    packageManager: z.enum(['apt', 'apk', 'dnf', 'microdnf', 'yum', 'zypper', 'pacman']).nullable(),
    users: z.array(z.object({ name: z.string(), uid: count, gid: count, home: z.string() }).strict()),
  })
  .strict();

const file = z
  .object({
    path: z.string(),
    kind: z.enum(['file', 'dir', 'link', 'other']),
    size: bytes,
    mode: z.string().describe('Octal.'),
    uid: count,
    gid: count,
    link: z.string().optional(),
    owner: z.string().optional().describe('The package of the operating system that it belongs to.'),
  })
  .strict();

const instruction = z
  .object({
    line: z.int().min(1),
    keyword: z.string(),
    text: z.string().describe('As written, on one line.'),
    bytes: bytes.describe('What its layer adds.'),
    added: z.array(file),
    changed: z.array(file),
    removed: texts,
    packagesAdded: texts,
    packagesRemoved: texts,
  })
  .strict();

const osPackage = z
  .object({
    manager: z.enum(['dpkg', 'apk']),
    name: z.string(),
    version: z.string(),
    size: bytes.nullable(),
    manual: z.boolean().nullable().describe('Asked for by name; null: the database does not say.'),
    from: z
      .union([z.literal('base'), z.int().min(1)])
      .nullable()
      .describe('The base image, or the line that brought it.'),
    depends: texts.optional().describe('Packages of the image that it depends on.'),
  })
  .strict();

const program = z
  .object({
    path: z.string(),
    interpreter: z.string().nullable(),
    static: z.boolean(),
    needs: z.array(z.object({ name: z.string(), path: z.string().nullable(), owner: z.string().nullable() }).strict()),
  })
  .strict();

const running = z
  .object({
    at: z.string().describe('When; this part is of one run, the others are of the image.'),
    probes: texts,
    kind: z.enum(['ends', 'serves', 'runs']),
    exitCode: z.int().nullable(),
    processes: z.union([z.array(z.object({ uid: z.string(), argv: z.string() }).strict()), notSeen]),
    ports: z.union([texts, notSeen]),
    written: texts,
    mapped: z.union([texts, notSeen]).describe('Files mapped into the processes: programs and libraries.'),
  })
  .strict();

/** The document of one image. */
export const imageFactsSchema = z
  .object({
    schemaVersion: z.literal(1),
    of: z
      .object({
        dockerfile: z.string(),
        digest: z.string().describe('sha256 of the Dockerfile; with another one the document says nothing.'),
        context: z.string().describe('sha256 of the build context: names, modes and contents.'),
        platform: z.string(),
        buildArgs: texts.describe('Names alone.'),
        engine: z.string(),
      })
      .strict(),
    image: z.object({ ...config, size: bytes, layers: count, files: count }).strict(),
    base: z.union([z.object({ reference: z.string(), ...config, size: bytes, layers: count, onBuild: texts, system }).strict(), notSeen]),
    system,
    instructions: z.union([z.array(instruction), notSeen]).describe('Of the last stage and those that it is built FROM, FROM left out.'),
    osPackages: z.array(osPackage),
    languagePackages: z.array(
      z
        .object({
          type: z.string().describe('As in package URLs.'),
          name: z.string(),
          version: z.string(),
          path: z.string(),
          platform: z
            .string()
            .optional()
            .describe('What a wheel was made for: any, manylinux_…, linux_… (compiled where it was installed).'),
        })
        .strict(),
    ),
    programs: z.array(program).describe('ELF files that instructions brought.'),
    running: z.union([running, notSeen]),
  })
  .strict() satisfies z.ZodType<ImageFacts>;

/** The same as JSON Schema (draft 2020-12): published as `dockerfile-mod/image-facts.schema.json`. */
export const imageFactsJsonSchema: Record<string, unknown> = {
  title: 'Document of dockerfile-mod observe --format json',
  ...z.toJSONSchema(imageFactsSchema, { target: 'draft-2020-12' }),
};
