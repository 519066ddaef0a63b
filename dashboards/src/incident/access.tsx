import type { Alarm } from '@anju/contract/api'
import { Button } from '@mantine/core'
import { useState } from 'react'
import { useLink, useSeat } from '../console/seat.tsx'
import { holds, useCommands } from '../console/use-commands.ts'
import { useText } from '../i18n/locale.tsx'
import { Key } from './incident-actions.tsx'
import styles from './person.module.css'

/**
 * How to get in is not on this page until the person who holds the alarm asks for it; that they asked is in the log before they
 * read it. It stays until they cover it, leave the alarm, or lose it.
 */
export function Access({ alarm }: { readonly alarm: Alarm }) {
  const t = useText()
  const seat = useSeat()
  const link = useLink()
  const commands = useCommands()
  const [shown, setShown] = useState<{ readonly token: string; readonly access: string } | null>(null)
  const [asking, setAsking] = useState(false)
  const token = seat.leases.token(alarm.id)
  const mine = holds(seat, alarm)
  // Under another lease it would be another look.
  const open = mine && shown?.token === token ? shown?.access : undefined

  async function turn() {
    if (open !== undefined) return setShown(null)
    if (asking || token === undefined) return
    setAsking(true)
    const access = await commands.reveal(alarm)
    setAsking(false)
    if (access !== undefined) setShown({ token, access })
  }

  return (
    <div>
      <dt>{t('person.access')}</dt>
      <dd>
        {open === undefined && (
          <span className={styles['covered']} aria-hidden="true">
            ●●●●●●
          </span>
        )}
        <output className={styles['open']} data-access={open === undefined ? 'covered' : 'open'}>
          {open}
        </output>
        {mine ? (
          <Button
            size="compact-sm"
            variant="default"
            data-action="access"
            loading={asking}
            disabled={link === 'lost' && open === undefined}
            onClick={() => void turn()}
          >
            {t(open === undefined ? 'person.access-show' : 'person.access-hide')} <Key of="a" />
          </Button>
        ) : (
          <span className={styles['soft']}>{t('person.access-owner')}</span>
        )}
      </dd>
    </div>
  )
}
