import { type Meaning, word } from './meaning.ts'

/** The rows of the reviewed table for modems: short messages and AT answers. */

const SMS: Readonly<Record<string, Meaning>> = {
  type: word('type'),
  smsc: word('smsc'),
  number: word('number'),
  recipient: word('recipient'),
  text: word('text'),
  concat: word('concat'),
  time_utc: word('timeUtc'),
  discharge_utc: word('dischargeUtc'),
  trailing_bytes: word('trailingBytes'),
  reference: word('reference'),
  status: word('status'),
  delivered: word('delivered'),
  valid_until_utc: word('validUntilUtc'),
  validity_utc: word('validUntilUtc'),
  pid: word('protocolId'),
  dcs: word('dataCoding'),
  validity_days: word('validityDays'),
  validity_weeks: word('validityWeeks'),
  validity_minutes: word('validityMinutes'),
  cmgs_length: word('cmgsLength'),
}

const GSM_AT: Readonly<Record<string, Meaning>> = {
  rssi: word('rssi'),
  rssi_dbm: word('rssiDbm'),
  ber: word('ber'),
  registration: word('registration'),
  usable: word('usable'),
  urc: word('urc'),
  memory: word('memory'),
  index: word('index'),
  sim: word('sim'),
  reference: word('reference'),
  number: word('number'),
  text: word('text'),
  ussd_status: word('ussdStatus'),
  call_type: word('callType'),
  length: word('length'),
  pdu: word('pdu'),
  message_status: word('messageStatus'),
  used: word('used'),
  total: word('total'),
  operator: word('operator'),
  error_type: word('errorType'),
  code: word('errorCode'),
  meaning: word('meaning'),
}

export const MODEM_KEYS: Readonly<Record<string, Readonly<Record<string, Meaning>>>> = {
  'sms-pdu': SMS,
  'gsm-at': GSM_AT,
}
