// Room: ecosystems/java. Java, as far as Maven's downloads go: its projects are not split.
import type { Ecosystem } from '../door.ts';
import { maven, mavenCommand } from './managers.ts';
import { mavenReader } from './project.ts';

export const java: Ecosystem = {
  id: 'java',
  images: [],
  managers: [maven],
  project(reads, dir) {
    const project = reads.read(mavenReader, dir);
    return (
      project && {
        hits: () => [],
        manifests: ({ command, files }) => project.manifests(mavenCommand(command)?.wrapper ?? false, files),
        opensDatabases: () => false,
      }
    );
  },
};
