import { isTest, lineAt, type Source } from './source.ts'

export interface Rule {
  readonly name: string
  readonly pattern: RegExp
  /** Path (a prefix) → why it may. */
  readonly except: Readonly<Record<string, string>>
  /** Whether unit tests are held to it too. */
  readonly unitTestsToo: boolean
}

const ownEdges = {
  'contract/src/system-clock.ts': 'the one adapter that reads the machine’s clock',
  'contract/src/system-random.ts': 'the one adapter that asks the machine for chance',
}

export const RULES: readonly Rule[] = [
  {
    name: 'no clock outside its adapter',
    pattern:
      /\bDate\.now\b|\bnew Date\(\s*\)|\bDate\(\s*\)|(?<![.\w])set(?:Timeout|Interval)\b|\bglobalThis\.set(?:Timeout|Interval)\b|\bperformance\.(?:now|timeOrigin)\b|\bprocess\.hrtime\b|\bTemporal\.Now\b/g,
    except: {
      ...ownEdges,
      'dashboards/': 'a browser page has its own edge: timers live in its worker and hooks',
      'simulators/src/demo/': 'the launcher supervises processes; it is an edge, not a model',
      'tests/': 'tests measure real parts',
    },
    unitTestsToo: true,
  },
  {
    name: 'no chance outside its adapter',
    pattern: /\bMath\.random\b|\brandomUUID\b|\bgetRandomValues\b|\brandomInt\b|\brandomBytes\b/g,
    except: {
      ...ownEdges,
      'dashboards/': 'a browser page has its own edge: the id of its console',
      'server/src/people/secrets.ts': 'session secrets',
      'server/src/postgres/embedded.ts': 'the passwords of the roles it creates',
      'simulators/src/demo/': 'the demo’s password is generated once',
      'tests/': 'tests of real parts choose random moments and print their seed',
    },
    unitTestsToo: true,
  },
  {
    name: 'only config.ts reads the environment',
    pattern: /\bprocess\.env\b|\bimport\.meta\.env\b/g,
    except: {
      'server/src/config.ts': 'the server’s configuration',
      'gateway/src/config.ts': 'the gateway’s configuration',
      'dashboards/vite.config.ts': 'the build tool’s own configuration',
      'simulators/src/demo/': 'the launcher hands its environment to the parts it starts',
      'tests/': 'tests choose ports and databases for the parts they start',
    },
    unitTestsToo: false,
  },
]

/** Every use of what a rule forbids, as `path:line what`. */
export function broken(rule: Rule, sources: readonly Source[]): string[] {
  const found: string[] = []
  for (const { path, code, text } of sources) {
    if (Object.keys(rule.except).some((prefix) => path.startsWith(prefix))) continue
    if (isTest(path) && !(rule.unitTestsToo && !path.includes('.integration.test.'))) continue
    for (const match of code.matchAll(rule.pattern))
      found.push(`${path}:${lineAt(text, match.index)} ${text.slice(match.index, match.index + match[0].length)}`)
    // A module named in an import is blanked with its quotes left standing: judge it by its own words.
    for (const module of text.matchAll(/\bfrom '((?:node:)?timers(?:\/promises)?)'/g))
      if (rule.name.startsWith('no clock')) found.push(`${path}:${lineAt(text, module.index)} ${module[1]}`)
  }
  return found
}

/** Exceptions naming what is no longer there. */
export const idleExceptions = (rule: Rule, sources: readonly Source[]): string[] =>
  Object.keys(rule.except).filter((prefix) => !sources.some(({ path }) => path.startsWith(prefix)))
