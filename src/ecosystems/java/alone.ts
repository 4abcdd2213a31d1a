// Room: ecosystems/java. Whether a jar needs others beside it: what its manifest names as Class-Path.
import { parentOf } from '../../effects/places.ts';
import { refuse } from '../../refusal.ts';
import type { Evidence } from '../types.ts';
import type { Output } from './outputs.ts';
import type { JavaProject } from './project.ts';

/** What a jar needs of the output directory: paths of the image, the jar's own not among them. */
export interface Beside {
  paths: string[];
  evidence: Evidence[];
  why: string;
}

/** Plugins that put everything into one jar. Sources: the manual of each: Spring Boot, Maven Shade and Assembly, Shadow, Ktor, Micronaut, Vert.x. */
const FAT: readonly { text: RegExp; name: string }[] = [
  { text: /spring-boot-maven-plugin|org\.springframework\.boot["')]|spring-boot-gradle-plugin/, name: 'Spring Boot' },
  { text: /maven-shade-plugin/, name: 'the shade plugin' },
  { text: /jar-with-dependencies/, name: 'the assembly plugin' },
  { text: /com\.github\.johnrengelman\.shadow|com\.gradleup\.shadow|io\.github\.goooler\.shadow/, name: 'the shadow plugin' },
  { text: /io\.ktor\.plugin/, name: 'the plugin of Ktor' },
  { text: /vertx-maven-plugin|io\.vertx\.vertx-plugin/, name: 'the plugin of Vert.x' },
  { text: /io\.micronaut\.(?:minimal\.)?application|micronaut-maven-plugin/, name: 'the plugin of Micronaut' },
];
/** Names that such plugins give their jars by themselves. */
const NAMED = /(?:-jar-with-dependencies|-all|-fat|-shaded|-uber|-standalone|-exec)\.jar$/;
const ALONE = 'uber-jar';
/** Parents outside of the repository that set no Class-Path. Sources: their pom.xml. */
const PLAIN_PARENT = /<artifactId>\s*(?:spring-boot-starter-parent|micronaut-parent|oss-parent|quarkus-bom)\s*<\/artifactId>/;

/** What stands beside a jar; refuses where that cannot be told. `command`: the text of the builds. */
export function besideJar(project: JavaProject, output: Output, command: string, at: number): Beside {
  const files = project.buildFiles(output.module);
  const text = files.map((file) => file.text).join('\n');
  const moved = output.path !== output.made;
  const { made, root } = output;
  const first = files[0]?.path ?? 'pom.xml';
  if (made.startsWith(`${root}/quarkus-app/`))
    return {
      paths: [`${root}/quarkus-app`],
      evidence: [{ file: first, says: 'Quarkus makes a directory' }],
      why: 'Quarkus keeps its libraries in quarkus-app',
    };
  if (/quarkus/.test(text) && !new RegExp(`${ALONE}|native`).test(text + command) && made.endsWith('-runner.jar'))
    return unclear('Quarkus may keep the libraries of this jar beside it', first, at);
  if (/spring-boot-thin-(?:layout|launcher|gradle)/.test(text))
    return unclear('the thin launcher fetches libraries when it starts', first, at);
  const fat = FAT.find((one) => one.text.test(text));
  if (fat)
    return {
      paths: [],
      evidence: [{ file: first, says: `${fat.name} puts all into one jar` }],
      why: `${fat.name} puts all that it needs into one jar`,
    };
  if (NAMED.test(made))
    return { paths: [], evidence: [{ file: first, says: 'its name says that it holds all' }], why: 'the jar holds all that it needs' };
  const prefix = /<addClasspath>\s*true\s*<\/addClasspath>/.test(text)
    ? (/<classpathPrefix>\s*([^<]*?)\s*<\/classpathPrefix>/.exec(text)?.[1] ?? '')
    : undefined;
  if (prefix !== undefined) return libraries(output, { prefix, moved, first, at, by: text + command });
  if (/io\.helidon\.applications/.test(text) && !moved)
    return libraries(output, { prefix: 'libs/', moved, first, at, by: 'outputDirectory=/libs' });
  if (
    /Class-?Path|manifestFile|<archive>[\s\S]{0,2000}<manifestEntries>/i.test(
      text
        .replace(/<addClasspath>\s*false\s*<\/addClasspath>/g, '')
        .replace(/runtimeClasspath|compileClasspath|testRuntimeClasspath|sourceSets[.\w]*|classpath\s/g, ''),
    )
  )
    return unclear(`${first} sets the Class-Path of the jar`, first, at);
  const parent = project.tool === 'maven' ? foreignParent(files) : undefined;
  if (parent !== undefined)
    return unclear(`${parent} has a parent that is not in the repository, and may set the Class-Path of the jar`, parent, at);
  return { paths: [], evidence: [{ file: first, says: 'names no other jar in its manifest' }], why: 'the jar names no other one' };
}

interface Named {
  prefix: string;
  moved: boolean;
  first: string;
  at: number;
  /** Build files and commands: what puts libraries there. */
  by: string;
}

function libraries({ made }: Output, { prefix, moved, first, at, by }: Named): Beside {
  const plain = /^(?:\.\/)?([\w-]+(?:\/[\w-]+)*)\/?$/.exec(prefix)?.[1];
  if (plain === undefined || moved)
    return unclear(`the jar needs what stands at ${prefix === '' ? 'its own place' : prefix}, beside it`, first, at);
  if (new RegExp(`outputDirectory(?:>|=)\\s*[^<\\s]*/${plain}/?(?=[<\\s"']|$)`).test(by))
    return {
      paths: [`${parentOf(made)}/${plain}`],
      evidence: [{ file: first, says: `the jar names what lies in ${plain}` }],
      why: `the jar names the libraries in ${plain}`,
    };
  if (/copy-dependencies|dependency:copy|<goal>\s*copy\s*</.test(by))
    return unclear(`${first} puts libraries at another place than ${plain}`, first, at);
  return { paths: [], evidence: [{ file: first, says: `nothing makes ${plain}` }], why: 'no library lies beside the jar' };
}

const unclear = (why: string, file: string, at: number): never =>
  refuse('class-path-unknown', `Which other jars this one needs cannot be told: ${why}`, at, { evidence: [{ file, says: why }] });

/** A pom.xml whose parent is in none of the files above it. */
function foreignParent(files: readonly { path: string; text: string }[]): string | undefined {
  for (const { path, text } of files.filter((file) => file.path.endsWith('pom.xml'))) {
    const parent = /<parent>([\s\S]*?)<\/parent>/.exec(text)?.[1];
    if (parent === undefined || PLAIN_PARENT.test(parent)) continue;
    const name = /<artifactId>\s*([^<]*?)\s*<\/artifactId>/.exec(parent)?.[1] ?? '';
    const here = files.some(
      (file) =>
        file.path !== path &&
        file.path.endsWith('pom.xml') &&
        file.text.replace(/<parent>[\s\S]*?<\/parent>/, '').includes(`<artifactId>${name}</artifactId>`),
    );
    if (!here) return path;
  }
  return undefined;
}
