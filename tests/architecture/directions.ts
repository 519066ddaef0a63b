import type { Source } from './source.ts'
import { isTest, packageOf } from './source.ts'

/** `a: [b]` reads: a may import b. What is not listed is refused. */
const PACKAGE_DIRECTIONS: Readonly<Record<string, readonly string[]>> = {
  contract: [],
  'device-profiles': ['contract'],
  gateway: ['contract', 'device-profiles'],
  server: ['contract'],
  dashboards: ['contract'],
  simulators: ['contract', 'device-profiles'],
  tests: ['contract', 'device-profiles', 'gateway', 'server', 'dashboards', 'simulators'],
}

/** Files that wire a half together: they alone construct adapters, so they may import any folder of their half. */
const COMPOSITION = /^(?:server|gateway)\/src\/(?:app|main|config|index)\.ts$|^(?:server|gateway)\/src\/(?:app|cli)\//

/**
 * Inside a half: which folders of it a folder may import besides itself. `domain ← ports ← adapters`; an adapter that needs
 * another gets it handed in. Every exception says why.
 */
interface FolderRule {
  readonly may: readonly string[]
  readonly because: string
}
const INSIDE: Readonly<Record<string, Readonly<Record<string, FolderRule>>>> = {
  server: {
    domain: { may: [], because: 'pure: it knows nothing but the contract' },
    http: {
      may: [
        'alarms',
        'live',
        'people',
        'audit',
        'policy',
        'homes',
        'gateways',
        'telemetry',
        'database',
        'ingest',
        'plans',
      ],
      because: 'routes turn HTTP into calls of the modules; no module imports a route',
    },
  },
  gateway: { domain: { may: [], because: 'pure: it knows nothing but the contract' } },
}

/** Single edges that are allowed although they cross folders of one half: from folder → to file or folder, and why. */
export interface Exception {
  readonly from: string
  readonly to: string
  readonly because: string
}
export const EXCEPTIONS: readonly Exception[] = [
  {
    from: 'server/src/',
    to: 'server/src/database/columns.ts',
    because: 'how rows become the columns of an unnest: words of SQL, nothing that runs',
  },
  {
    from: 'server/src/',
    to: 'server/src/database/idempotency.ts',
    because: 'an answer kept in the caller’s own transaction: a few statements, no state of its own',
  },
  {
    from: 'server/src/alarms/check.ts',
    to: 'server/src/policy/table.ts',
    because: 'whether a colleague may take an alarm is asked of the table that says who may claim one',
  },
  {
    from: 'server/src/',
    to: 'server/src/database/versions.ts',
    because:
      'what its writer had read, asked under the lock of the caller’s own transaction: a few statements, no state',
  },
  {
    from: 'server/src/policy/agreement.ts',
    to: 'server/src/roster/rows.ts',
    because: 'how a resident’s words about somebody are read stands once',
  },
  {
    from: 'server/src/homes/homes.ts',
    to: 'server/src/policy/agreement.ts',
    because: 'what of a home a relative is told is one question, asked in the transaction that reads it',
  },
  {
    from: 'server/src/notifications/dismissed.ts',
    to: 'server/src/roster/rows.ts',
    because:
      'what was sent to somebody ends with the consent it was sent under: whether it was taken back is said once',
  },
  {
    from: 'server/src/alarms/queries.ts',
    to: 'server/src/homes/repository.ts',
    because: 'an alarm is shown with its home’s resident and contacts, read in the same transaction',
  },
  {
    from: 'server/src/homes/repository.ts',
    to: 'server/src/roster/rows.ts',
    because: 'a home’s contacts are shown with their ways: how a way is read and shown stands once',
  },
  {
    from: 'server/src/notifications/stand-downs.ts',
    to: 'server/src/roster/rows.ts',
    because: 'which account is a contact’s own is said once: there they are reached first',
  },
  {
    from: 'server/src/notifications/take.ts',
    to: 'server/src/roster/rows.ts',
    because: 'which account is a contact’s own is said once: a number that died there is dead for both',
  },
  {
    from: 'server/src/homes/demo.ts',
    to: 'server/src/people/secrets.ts',
    because: 'the demo’s accounts are stored as any account is, their password hashed',
  },
  {
    from: 'server/src/live/routes.ts',
    to: 'server/src/policy/table.ts',
    because: 'it is a route: it asks the table what its reader may see, as routes in http/ do',
  },
  {
    from: 'server/src/live/routes.ts',
    to: 'server/src/http/policy.ts',
    because: 'a stream has no serialisation to hook its audit row into, so its route writes it',
  },
]

export interface Violation {
  readonly where: string
  readonly what: string
}

/** The folder of a half that a file belongs to; `.` for files at the top of `src` (`ports.ts` and such). */
function folderOf(path: string): string {
  const parts = path.split('/')
  return parts.length > 3 ? (parts[2] ?? '.') : '.'
}

/** Whether each file imports only what lies in its direction. */
export function wrongDirections(
  sources: readonly Source[],
  exceptions: readonly Exception[] = EXCEPTIONS,
): Violation[] {
  const wrong: Violation[] = []
  for (const source of sources) {
    const here = packageOf(source.path)
    for (const { specifier, target, typeOnly, line } of source.imports) {
      const where = `${source.path}:${line}`
      if (target === undefined) {
        if (source.path.includes('/src/domain/') && !isTest(source.path))
          wrong.push({ where, what: `the domain imports ${specifier}: only the contract and itself` })
        continue
      }
      const there = packageOf(target)
      if (there !== here) {
        const allowed = PACKAGE_DIRECTIONS[here]?.includes(there) ?? false
        // A test of real parts may stand beside its code and still use the shared harness.
        const harness = isTest(source.path) && target.startsWith('tests/harness/')
        if (!allowed && !harness) wrong.push({ where, what: `${here} imports ${there} (${specifier})` })
        else if (specifier.startsWith('.') && here !== 'tests' && !harness)
          wrong.push({ where, what: `reaches into ${there} by a relative path (${specifier}): use @anju/${there}` })
        continue
      }
      const inside = INSIDE[here]
      // A type vanishes when it runs: it cannot construct or call what it names. The pure domain still names only ports.
      if (typeOnly && (folderOf(source.path) !== 'domain' || target === `${here}/src/ports.ts`)) continue
      if (!inside || isTest(source.path) || COMPOSITION.test(source.path)) continue
      const from = folderOf(source.path)
      const to = folderOf(target)
      if (to === from || to === 'domain' || (to === '.' && !COMPOSITION.test(target) && from !== 'domain')) continue
      if (inside[from]?.may.includes(to)) continue
      const excused = exceptions.some((one) => source.path.startsWith(one.from) && target.startsWith(one.to))
      if (!excused) wrong.push({ where, what: `${here}/src/${from} imports ${target}: hand it in at app.ts instead` })
    }
  }
  return wrong
}

/** Exceptions that excuse nothing any more: the list must not outlive its reasons. */
export function idleExceptions(sources: readonly Source[], exceptions: readonly Exception[] = EXCEPTIONS): string[] {
  return exceptions
    .filter(
      (one) =>
        wrongDirections(
          sources,
          exceptions.filter((other) => other !== one),
        ).length === wrongDirections(sources, exceptions).length,
    )
    .map(({ from, to }) => `${from} → ${to}`)
}
