import { isTest, type Source } from './source.ts'

/** Files that import each other in a loop, each as the way round from its first file: none of them can be read, or moved, alone. */
export function circles(sources: readonly Source[]): string[] {
  const files = new Map(sources.filter(({ path }) => !isTest(path)).map((source) => [source.path, source]))
  const found: string[] = []
  const done = new Set<string>()
  const way: string[] = []
  const visit = (path: string): void => {
    const begin = way.indexOf(path)
    if (begin >= 0) found.push([...way.slice(begin), path].join(' → '))
    if (begin >= 0 || done.has(path)) return
    way.push(path)
    for (const { target } of files.get(path)?.imports ?? []) if (target && files.has(target)) visit(target)
    way.pop()
    done.add(path)
  }
  for (const path of files.keys()) visit(path)
  return found
}
