import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { CallbackReader, ChannelAdapter } from './channel.ts'
import { dingtalk, openDingtalk } from './channels/dingtalk.ts'
import { email, openSmtp } from './channels/smtp/smtp.ts'
import { openWebPush, push } from './channels/web-push/web-push.ts'
import { openWebhook, webhook } from './channels/webhook.ts'
import { openWecom, wecom } from './channels/wecom.ts'
import { type Opened, type Parts, refuse } from './provider.ts'

/** A provider as the list below knows it: what it takes, and how it is opened. */
interface Provider {
  open(section: unknown, path: string, parts: Parts): Promise<Opened>
}
function provider<S extends TSchema>(
  schema: S,
  open: (config: Static<S>, parts: Parts) => Opened | Promise<Opened>,
): Provider {
  return { open: async (section, path, parts) => open(checked(schema, section, path), parts) }
}

/**
 * The sections of the file, and who may stand in them. Where there is a choice, the section's `provider` names it; a new
 * provider is one line here.
 */
const SECTIONS: Readonly<Record<string, Provider | Readonly<Record<string, Provider>>>> = {
  email: provider(email, (config, parts) => ({ adapter: openSmtp(config, parts) })),
  wecom: provider(wecom, (config, parts) => ({ adapter: openWecom(config, parts) })),
  dingtalk: provider(dingtalk, (config, parts) => ({ adapter: openDingtalk(config, parts) })),
  webhook: provider(webhook, (config, parts) => ({ adapter: openWebhook(config, parts) })),
}

export interface Providers {
  readonly adapters: readonly ChannelAdapter[]
  readonly readers: readonly CallbackReader[]
  /** What a page subscribes to push with. */
  readonly pushPublicKey: string
}

/**
 * Opens what the configuration file names. Push needs nobody's account, so it is there without a section, too.
 *
 * @param file what `readChannelsFile` gave
 * @throws DomainError `config-malformed` naming the field and why; never a value, it may be a secret.
 */
export async function openProviders(file: unknown, parts: Parts): Promise<Providers> {
  const { push: pushSection = {}, ...sections } = objectAt(file ?? {}, '(file)')
  const webPush = await openWebPush(checked(push, pushSection, 'push'), parts)
  const opened: Opened[] = []
  for (const [name, section] of Object.entries(sections))
    opened.push(await openSection(name, objectAt(section, name), parts))
  return {
    adapters: [webPush.adapter, ...opened.map(({ adapter }) => adapter)],
    readers: opened.flatMap(({ reader }) => reader ?? []),
    pushPublicKey: webPush.publicKey,
  }
}

function openSection(name: string, section: Readonly<Record<string, unknown>>, parts: Parts): Promise<Opened> {
  const known = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined
  if (!known) throw refuse(name, `is no channel; there are push, ${Object.keys(SECTIONS).join(', ')}`)
  if (isProvider(known)) return known.open(section, name, parts)
  const { provider, ...rest } = section
  const chosen = typeof provider === 'string' && Object.hasOwn(known, provider) ? known[provider] : undefined
  if (!chosen) throw refuse(`${name}.provider`, `must be one of ${Object.keys(known).join(', ')}`)
  return chosen.open(rest, name, parts)
}

const isProvider = (known: Provider | Readonly<Record<string, Provider>>): known is Provider =>
  typeof known.open === 'function'

function objectAt(value: unknown, path: string): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw refuse(path, 'is not an object')
  return value as Record<string, unknown>
}

function checked<S extends TSchema>(schema: S, value: unknown, path: string): Static<S> {
  const validator = Compile(schema)
  if (validator.Check(value)) return value
  const [first] = validator.Errors(value)
  const missing = (first?.params as { requiredProperties?: string[] } | undefined)?.requiredProperties?.[0]
  const field = `${path}${first?.instancePath ?? ''}${missing === undefined ? '' : `/${missing}`}`.replaceAll('/', '.')
  if (missing !== undefined) throw refuse(field, 'is missing')
  // What `additionalProperties: false` comes out as: a schema that nothing satisfies, at the unknown field.
  throw refuse(
    field,
    first?.message === 'schema is false' ? 'is not a setting' : (first?.message ?? 'is not as agreed'),
  )
}
