import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { temporaryFolder } from '../server.ts'
import { type FakeTwilio, fakeTwilio } from './twilio.ts'

/** An account at a provider of messages, as servers of a test are given it. */
export interface MessageAccount {
  readonly twilio: FakeTwilio
  /** For the servers that send through it. */
  readonly env: Readonly<Record<string, string>>
  /** How often each message has left for it, by our own id of it. */
  timesLeft(): ReadonlyMap<string, number>
  close(): Promise<void>
}

const ACCOUNT = { accountSid: `AC${'0'.repeat(32)}`, authToken: 'only-for-tests', senders: ['+15550006000'] }

export async function aMessageAccount(): Promise<MessageAccount> {
  const twilio = await fakeTwilio(ACCOUNT)
  const folder = temporaryFolder('anju-channels')
  const { accountSid, authToken, senders } = ACCOUNT
  const sms = {
    provider: 'twilio-sms',
    endpoint: twilio.url,
    accountSid,
    authToken,
    from: senders[0],
    replies: false,
  }
  const file = join(folder, 'channels.json')
  writeFileSync(file, JSON.stringify({ sms }))
  return {
    twilio,
    env: { ANJU_CHANNELS_FILE: file },
    timesLeft() {
      const times = new Map<string, number>()
      for (const { form } of twilio.created) {
        const id = URL.parse(form.get('StatusCallback') ?? '')?.searchParams.get('id') ?? 'none'
        times.set(id, (times.get(id) ?? 0) + 1)
      }
      return times
    },
    async close() {
      await twilio.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
