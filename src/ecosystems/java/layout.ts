// Room: ecosystems/java. How projects of Maven and Gradle are laid out. Sources: maven.apache.org, "Standard Directory Layout"; docs.gradle.org, "Directory Layout".
import type { Layout } from '../../runtime/entries.ts';

export const javaLayout: Layout = {
  compiled:
    /\.(?:java|kt|kts|scala|groovy|gradle|iml)$|^(?:pom\.xml|mvnw(?:\.cmd)?|gradlew(?:\.bat)?|gradle\.properties|gradle\.lockfile|lombok\.config|system\.properties|manifest\.yml|checkstyle\.xml|pmd\.xml|help)$/,
  sourceDirs: new Set(['src', 'gradle', 'buildsrc', 'build-logic', '.mvn', '.gradle', 'target', 'build', '.settings', 'out']),
  sources: /\.(?:java|kt|kts|scala|groovy)$|^pom\.xml$|\.gradle$/,
};
