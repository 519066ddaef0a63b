import type { Enrolment } from '@anju/contract/api'
import { useMemo } from 'react'
import { useText } from '../i18n/locale.tsx'
import styles from './login-page.module.css'
import { qrPath } from './qr-path.ts'

/** White around a code without which a camera does not find it, in its own squares. */
const quiet = 4

/** What the authenticator needs, to photograph or to type. It is told once and drawn here: no other server sees it. */
export function EnrolmentSteps({ enrolment }: { readonly enrolment: Enrolment }) {
  const t = useText()
  const { path, size } = useMemo(() => qrPath(enrolment.uri), [enrolment.uri])
  const edge = size + 2 * quiet
  return (
    <section className={styles['enrolment']} data-enrolment>
      <p>{t('account.enrol')}</p>
      <svg
        className={styles['qr']}
        viewBox={`${-quiet} ${-quiet} ${edge} ${edge}`}
        role="img"
        aria-label={t('account.qr')}
        shapeRendering="crispEdges"
      >
        <rect x={-quiet} y={-quiet} width={edge} height={edge} fill="#fff" />
        <path d={path} fill="#000" />
      </svg>
      <p>{t('account.type-instead')}</p>
      <p className={styles['secret']} data-secret={enrolment.secret} translate="no">
        {/* In fours, as it is typed; what is copied keeps the blanks, which authenticators skip. */}
        {enrolment.secret.match(/.{1,4}/g)?.join(' ')}
      </p>
      <p>
        <a href={enrolment.uri}>{t('account.open-app')}</a>
      </p>
    </section>
  )
}
