import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { Api } from '../../../tests/harness/api.ts'
import { fakeTwilio } from '../../../tests/harness/providers/twilio.ts'
import { aServer, temporaryFolder } from '../../../tests/harness/server.ts'

const account = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'twelve-thousand', from: '+15005550006' }

/** The demo's centre on a real server, its telephones at a fake provider, and another centre with one of everything. */
export async function twoCentres() {
  const twilio = await fakeTwilio({ ...account, senders: [account.from] })
  const folder = temporaryFolder('anju-channels')
  const file = join(folder, 'channels.json')
  const at = { ...account, endpoint: twilio.url }
  const channels = {
    sms: { provider: 'twilio-sms', ...at, replies: true },
    voice: { provider: 'twilio-voice', ...at },
    wecom: { robots: { 'night-shift': { key: '693a91f6-7b0c-4bc4-97a0-0ec2a1fa5aaa' } }, url: twilio.url },
  }
  writeFileSync(file, JSON.stringify(channels))
  const server = await aServer({ quick: true, env: { ANJU_CHANNELS_FILE: file } })
  const sql = (text: string, values: unknown[] = []) => server.cluster.query(text, values)
  // Another centre, with one of everything.
  await sql(`insert into centre (id, name) values ('west', 'West')`)
  await sql(`insert into home (id, centre, name) values ('west-home', 'west', 'Their home')`)
  await sql(`insert into resident (id, centre, home, name) values ('west-r', 'west', 'west-home', 'R')`)
  await sql(
    `insert into contact (id, centre, home, name, relation, phone, position) values ('west-c', 'west', 'west-home', 'C', 'son', '1', 1)`,
  )
  await sql(
    `insert into way (id, centre, home, owner_kind, owner, channel, address, position) values ('west-w', 'west', 'west-home', 'contact', 'west-c', 'sms', '1', 1)`,
  )
  await sql(`insert into responder (id, centre, name, phone) values ('west-n', 'west', 'N', '2')`)
  await sql(
    `insert into person (id, centre, username, name, role, password) values ('west-p', 'west', 'west-p', 'P', 'supervisor', 'x')`,
  )
  await sql(`insert into seat values ('west-seat', 'west', 'S')`)
  await sql(
    `insert into shift (id, centre, kind, who_kind, who, days, from_time, to_time, valid_from)
     values ('west-shift', 'west', 'supervisor', 'person', 'west-p', '{1}', '08:00', '20:00', '2026-01-01')`,
  )
  await sql(
    `insert into consent (id, centre, home, resident, purpose, recipient_kind, recipient, given_at, evidence)
     values ('west-k', 'west', 'west-home', 'west-r', 'alarm', 'contact', 'west-c', now(), 'paper')`,
  )
  await sql(
    `insert into escalation_policy (id, centre, tracks, changed_at) values ('west-policy', 'west', '{}', now())`,
  )
  return {
    server,
    twilio,
    async end() {
      await server.end()
      await twilio.close()
      rmSync(folder, { recursive: true })
    },
    sql,
    zhou: await server.logIn('supervisor'),
    installer: await server.logIn('installer'),
    li: await server.logIn('operator'),
    /** The changes of something, as the audit tells them. */
    audited: (subject: string) =>
      sql(`select person, action, changed from audit where action not like '% %' and $1 = any (subjects) order by id`, [
        subject,
      ]) as Promise<{ person: string; action: string; changed: string[] }[]>,
  }
}
export type TwoCentres = Awaited<ReturnType<typeof twoCentres>>

export const listOf = async <T>(who: Api, path: string) => (await who.call<{ items: T[] }>('GET', path)).body.items

/** What of an answer is not as the contract says. */
export const answersAs = (schema: TSchema, value: unknown) =>
  [...Compile(schema).Errors(value)].map(({ instancePath, message }) => `${instancePath} ${message}`)
