import type { Consent, HomeDetail, Person } from '@anju/contract/api'
import { useQuery } from '@tanstack/react-query'
import { people } from '../api/people-calls.ts'
import { useWords } from '../i18n/words.ts'

type Recipient = Consent['recipient']
export interface NamedRecipient extends Recipient {
  readonly name: string
}

/** Whoever may be told something of a home, by name; who is not known here any more is called by their number. */
export function useRecipients(me: Person, home: HomeDetail) {
  const words = useWords()
  const { data: responders = [] } = useQuery({
    queryKey: ['responders', me.session],
    queryFn: ({ signal }) => people.responders(signal),
    // An installer writes down what a resident agreed to, and does not read the duty list.
    enabled: me.role === 'supervisor' || me.role === 'admin',
  })
  const recipients: readonly NamedRecipient[] = [
    ...home.contacts.map(({ id, name, relation }) => ({ kind: 'contact' as const, id, name: `${name} ${relation}` })),
    { kind: 'centre', id: me.centre.id, name: me.centre.name },
    ...responders.map(({ id, name }) => ({ kind: 'responder' as const, id, name })),
    ...(home.area ? [{ kind: 'area-staff' as const, id: home.area.code, name: home.area.names.join(' ') }] : []),
  ]
  const nameOf = ({ kind, id }: Recipient): string =>
    `${words('recipient', kind)} ${recipients.find((one) => one.kind === kind && one.id === id)?.name ?? id}`
  return { recipients, nameOf }
}
