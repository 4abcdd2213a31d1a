// Room: ecosystems/java. Java: Maven and Gradle.
import type { Ecosystem } from '../door.ts';
import { gradle } from './gradle.ts';
import { javaImages } from './images.ts';
import { maven, mavenCommand } from './managers.ts';
import { mavenReader } from './maven-manifests.ts';
import { carriedBy } from './outputs.ts';
import { javaReader } from './project.ts';
import { splitJava } from './split.ts';

export const java: Ecosystem = {
  id: 'java',
  images: javaImages,
  managers: [maven, gradle],
  kit: true,
  carries: carriedBy,
  project(reads, dir) {
    const own = reads.read(javaReader, dir);
    const project = reads.read(mavenReader, dir);
    return (
      own && {
        hits: () => [],
        ...(project ? { manifests: ({ command, files }) => project.manifests(mavenCommand(command)?.wrapper ?? false, files) } : {}),
        opensDatabases: () => false,
      }
    );
  },
  opens: true,
  split: splitJava,
};
