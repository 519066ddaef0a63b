import type { Static, TSchema } from 'typebox'
import { Compile } from 'typebox/compile'
import type { CallbackReader, ChannelAdapter } from './channel.ts'
import { aliyunSms, openAliyunSms } from './channels/aliyun-sms/aliyun-sms.ts'
import { aliyunVoice, openAliyunVoice } from './channels/aliyun-voice/aliyun-voice.ts'
import { dingtalk, openDingtalk } from './channels/dingtalk.ts'
import { email, openSmtp } from './channels/smtp/smtp.ts'
import { openTwilioSms, twilioSms } from './channels/twilio-sms/twilio-sms.ts'
import { openTwilioVoice, twilioVoice } from './channels/twilio-voice/twilio-voice.ts'
import { openWebPush, push } from './channels/web-push/web-push.ts'
import { openWebhook, webhook } from './channels/webhook.ts'
import { openWechatMini, wechatMini } from './channels/wechat-mini/wechat-mini.ts'
import { openWechatOfficial, wechatOfficial } from './channels/wechat-official/wechat-official.ts'
import { openWecom, wecom } from './channels/wecom.ts'
import { type Opened, only, type Parts, refuse } from './provider.ts'

/** A provider as the list below knows it: its settings are checked, then it is opened. */
export interface Provider {
  readonly schema: TSchema
  readonly open: (section: unknown, path: string, parts: Parts) => Promise<Opened>
}
/** Where a channel has several, the section's `provider` says which. */
export type Section = Provider | { readonly choice: Readonly<Record<string, Provider>> }

export const provider = <S extends TSchema>(
  schema: S,
  open: (config: Static<S>, parts: Parts) => Opened | Promise<Opened>,
): Provider => ({ schema, open: async (section, path, parts) => open(checked(schema, section, path), parts) })

/** The sections of the file, and who may stand in them: a new provider is a line here. */
export const SECTIONS: Readonly<Record<string, Section>> = {
  sms: {
    choice: {
      'aliyun-sms': provider(aliyunSms, openAliyunSms),
      'twilio-sms': provider(twilioSms, openTwilioSms),
    },
  },
  voice: {
    choice: {
      'aliyun-voice': provider(aliyunVoice, openAliyunVoice),
      'twilio-voice': provider(twilioVoice, openTwilioVoice),
    },
  },
  wechat: {
    choice: {
      'wechat-official': provider(wechatOfficial, openWechatOfficial),
      'wechat-mini': provider(wechatMini, openWechatMini),
    },
  },
  email: provider(email, (config, parts) => only(openSmtp(config, parts))),
  wecom: provider(wecom, (config, parts) => only(openWecom(config, parts))),
  dingtalk: provider(dingtalk, (config, parts) => only(openDingtalk(config, parts))),
  webhook: provider(webhook, (config, parts) => only(openWebhook(config, parts))),
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
export async function openProviders(file: unknown, parts: Parts, known = SECTIONS): Promise<Providers> {
  const { push: pushSection = {}, ...sections } = objectAt(file ?? {}, '(file)')
  const webPush = await openWebPush(checked(push, pushSection, 'push'), parts)
  const opened = [only(webPush.adapter)]
  for (const [name, section] of Object.entries(sections)) {
    const channel = Object.hasOwn(known, name) ? known[name] : undefined
    if (!channel) throw refuse(name, `is no channel; there are push, ${Object.keys(known).join(', ')}`)
    if ('open' in channel) opened.push(await channel.open(objectAt(section, name), name, parts))
    else opened.push(...(await openChosen(channel.choice, section, name, parts)))
  }
  return {
    adapters: opened.flatMap(({ adapters }) => adapters),
    readers: opened.flatMap(({ readers }) => readers),
    pushPublicKey: webPush.publicKey,
  }
}

/** One provider, or a list: whoever is to be asked first stands first. */
async function openChosen(
  choice: Readonly<Record<string, Provider>>,
  section: unknown,
  name: string,
  parts: Parts,
): Promise<Opened[]> {
  const several = Array.isArray(section)
  const opened = new Map<string, Opened>()
  for (const [at, one] of (several ? (section as unknown[]) : [section]).entries()) {
    const path = several ? `${name}[${at}]` : name
    const { provider, ...settings } = objectAt(one, path)
    const chosen = typeof provider === 'string' && Object.hasOwn(choice, provider) ? choice[provider] : undefined
    if (typeof provider !== 'string' || !chosen)
      throw refuse(`${path}.provider`, `must be one of ${Object.keys(choice).join(', ')}`)
    // A callback finds its reader by the provider's name.
    if (opened.has(provider)) throw refuse(`${path}.provider`, 'stands in the list already')
    opened.set(provider, await chosen.open(settings, path, parts))
  }
  return [...opened.values()]
}

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
