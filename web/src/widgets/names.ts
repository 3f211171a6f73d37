// 键名 What keys are called on pages.

import { FUEL_NAMES } from '../charts/palette'
import { i18n } from '../locales'
import { sectorName, townName } from '../state'

export function keyName(index: string, key: string, locale: string): string {
  switch (index) {
    case 'town':
      return townName(key)
    case 'sector':
      return sectorName(key)
    case 'fuel':
      return FUEL_NAMES[key]?.[locale === 'zh' ? 0 : 1] ?? key
    case 'side':
      return i18n.global.t(`side.${key}`)
    case 'colour':
      return i18n.global.t(`colour.${key}`)
    default:
      return key
  }
}
