import { isTest, packageOf, type Source } from './source.ts'

export interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

/**
 * Other people's packages that a file imports and its own package does not name: they are there by somebody else's grace, and go
 * when that one no longer needs them. What runs in production stands under `dependencies`; `root`: what every test may use.
 */
export function undeclared(
  sources: readonly Source[],
  manifestOf: (name: string) => Manifest,
  root: Manifest,
): string[] {
  return sources.flatMap((source) => {
    const { dependencies = {}, devDependencies = {} } = manifestOf(packageOf(source.path))
    const runs = source.path.includes('/src/') && !isTest(source.path)
    const known = runs ? dependencies : { ...dependencies, ...devDependencies, ...root.devDependencies }
    return source.imports
      .filter(({ specifier, target }) => target === undefined && !specifier.startsWith('node:'))
      .filter(({ specifier }) => !Object.hasOwn(known, packageNamed(specifier)))
      .map(({ specifier, line }) => `${source.path}:${line} ${specifier}`)
  })
}

const packageNamed = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
