import type { ContactRole, TrackPolicy } from '@anju/contract/api'

/** Those of a home's contacts, in its order, whom no step of a family's track ever asks; without such a track nobody is asked. */
export function notAsked<T extends { readonly role: ContactRole }>(
  contacts: readonly T[],
  family: TrackPolicy | undefined,
): T[] {
  const asked = new Set<T>()
  for (const target of family?.steps.flatMap(({ targets }) => targets) ?? []) {
    if (target.to === 'contacts') for (const one of contacts.slice(target.after)) asked.add(one)
    if (target.to !== 'contact') continue
    const found = contacts.filter(({ role }) => target.role === undefined || role === target.role)[target.position - 1]
    if (found) asked.add(found)
  }
  return contacts.filter((one) => !asked.has(one))
}
