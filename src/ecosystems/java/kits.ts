// Room: ecosystems/java. What a tag says of the Java in it, and the images of the same Java without a compiler.
import type { ImageRef } from '../../dockerfile/types.ts';

/** The Java of an image: its version, and how the tags of eclipse-temurin call the system below it. */
export interface Kit {
  version: number;
  /** `''`, `-alpine`, `-jammy`, … */
  system: string;
  /** The tags of eclipse-temurin that have the same Java, alone and with its compiler. */
  jre: string;
  jdk: string;
  /** Another vendor's image, with settings of its own: JAVA_HOME, LANG. */
  foreign: boolean;
}

/** Versions that eclipse-temurin has a JRE of. Source: adoptium/containers; hub.docker.com/_/eclipse-temurin (16 has none). */
const HAS_JRE = (version: number): boolean => version === 8 || version === 11 || version >= 17;
/** Versions that are maintained; the others have no image that follows. Source: adoptium.net/support. */
const MAINTAINED = new Set([8, 11, 17, 21, 25]);

const SYSTEM = '(-(?:alpine(?:-?3\\.\\d+)?|focal|jammy|noble|resolute))?';

/** Reads the tag of an image; undefined: it names no version, or one whose Java has no image without a compiler. */
export function kitOf(repository: string, { tag = 'latest', digest }: Pick<ImageRef, 'tag' | 'digest'>): Kit | undefined {
  if (digest !== undefined) return undefined;
  if (repository === 'eclipse-temurin') return temurin(tag);
  if (repository === 'maven') {
    const own = new RegExp(`(?:^|-)eclipse-temurin-(\\d+)${SYSTEM}$`).exec(tag);
    if (own) return kit(Number(own[1]), own[2] ?? '', false);
    const old = /(?:^|-)(?:openjdk|jdk)-(\d+)(-slim)?$/.exec(tag);
    return old ? maintained(Number(old[1]), '') : undefined;
  }
  if (repository === 'gradle') {
    const own = new RegExp(`(?:^|-)jdk-?(\\d+)${SYSTEM}$`).exec(tag);
    return own ? kit(Number(own[1]), own[2] ?? '', false) : undefined;
  }
  if (repository !== 'openjdk') return undefined;
  const own = /^(\d+)(?:[.u][\w.]*)?(?:-(?:jdk|jre|slim|headless|buster|bullseye|stretch|oracle|oraclelinux\d|(alpine)(?:3\.\d+)?))*$/.exec(
    tag,
  );
  return own ? maintained(Number(own[1]), own[2] === undefined ? '' : '-alpine') : undefined;
}

function kit(version: number, system: string, foreign: boolean): Kit | undefined {
  if (!HAS_JRE(version)) return undefined;
  const place = system.replace(/^-alpine(?=3)/, '-alpine-');
  return { version, system, jre: `${version}-jre${place}`, jdk: `${version}-jdk${place}`, foreign };
}
const maintained = (version: number, system: string): Kit | undefined => (MAINTAINED.has(version) ? kit(version, system, true) : undefined);

/** `21`, `21-jdk-jammy`, `17.0.9_9-jdk`, `21-jdk-ubi9-minimal`; one that is a JRE already stays. */
function temurin(tag: string): Kit | undefined {
  const own = /^(\d+)((?:[.u][\w.]*)?)(?:-(jdk|jre))?((?:-[a-z][\w.-]*)?)$/.exec(tag);
  if (!own || !HAS_JRE(Number(own[1]))) return undefined;
  const [, version = '', rest = '', , system = ''] = own;
  return {
    version: Number(version),
    system,
    jre: `${version}${rest}-jre${system}`,
    jdk: `${version}${rest}-jdk${system}`,
    foreign: false,
  };
}
