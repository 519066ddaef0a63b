import { formatInstant, type Instant, instant, seconds } from '@anju/contract'
import type { Transaction } from '../ports.ts'

/** A row is renewed this often, however often its server says so. */
const renewedEvery = seconds(2)
/** A row this old is of a server that died, or hears as little as we did. */
const freshFor = seconds(10)

/** Whether a server heard the homes while another did not. `undecided`: one said so a moment ago, and may be dead by now. */
export type Meanwhile = 'somebody-heard' | 'nobody-heard' | 'undecided'

/** Says that this server hears. Only what has given everyone the grace that was due may say so: others rely on it. */
export async function sayHears(tx: Transaction, server: string): Promise<void> {
  await tx.query(SAY, [server], 'hears-say')
}

/** Takes its word back at once: whoever begins next need not wait until it is stale. */
export async function sayNoMore(tx: Transaction, server: string): Promise<void> {
  await tx.query('delete from hearing where server = $1', [server], 'hears-no-more')
}

/**
 * Of a server that hears again since `since`, or from this moment on. Another's word from before is no proof, for that server may
 * have died with it; a word that comes afterwards is: who says it has heard all the while, or has given the grace itself.
 */
export async function heardMeanwhile(
  tx: Transaction,
  server: string,
  since: Instant | undefined,
): Promise<{ readonly since: Instant; readonly meanwhile: Meanwhile }> {
  const [row] = await tx.query<{ now: number; renewed: boolean; fresh: boolean }>(
    ASK,
    [server, since === undefined ? null : formatInstant(since)],
    'hears-ask',
  )
  const { now, renewed = false, fresh = false } = row ?? {}
  return {
    since: since ?? instant(now ?? 0),
    meanwhile: renewed ? 'somebody-heard' : fresh ? 'undecided' : 'nobody-heard',
  }
}

/** Rows of servers that are gone go, too. A clock that was set back must not keep a row from being renewed. */
const SAY = `
  with gone as (delete from hearing where server <> $1 and at < app_now() - interval '1 hour')
  insert into hearing (server, at) select $1, app_now()
  on conflict (server) do update set at = excluded.at
    where hearing.at not between excluded.at - interval '${renewedEvery} ms' and excluded.at`
const ASK = `
  select now, coalesce(bool_or(hearing.at > $2::timestamptz and hearing.at <= now + interval '${freshFor} ms'), false) as renewed,
    coalesce(bool_or(hearing.at between now - interval '${freshFor} ms' and now + interval '${freshFor} ms'), false) as fresh
  from app_now() as now left join hearing on hearing.server <> $1
  group by now`
