// 全景 What the home page and the screen show: the figures of one year, and of all years.

import { computed, ref, watch, type Ref } from 'vue'
import { get } from '../api/client'
import { figures, type Figures } from '../api/figures'
import type { Enterprise, Table } from '../api/types'
import { enterpriseOutput, flowOutputs } from '../charts/flow'

const INDICATORS = ['co2', 'co2_intensity', 'energy', 'energy_intensity']

/** The outputs of the four indicators at a level. */
export function indicatorOutputs(level: string): string[] {
  const suffixes = level === 'district' ? ['', '_change', '_target', '_distance'] : ['', '_change']
  return INDICATORS.flatMap((id) => suffixes.map((suffix) => `${id}_${level}${suffix}`))
}

export interface Wanted {
  year: Ref<string>
  measure: Ref<string>
  town: Ref<string>
  sector: Ref<string>
}

export function usePanorama(wanted: Wanted) {
  const always = ref<Figures | null>(null)
  const ofYear = ref<Figures | null>(null)
  const ofTown = ref<Table | null>(null)
  const names = ref(new Map<string, string>())
  const failed = ref('')
  const level = computed(() => (wanted.town.value ? 'town' : wanted.sector.value ? 'sector' : 'district'))

  async function loadAlways() {
    const outputs = ['district', 'sector', 'town'].flatMap(indicatorOutputs)
    outputs.push('energy_fuel', 'co2_fuel', 'colour_town')
    always.value = await figures('panorama', outputs)
  }
  async function loadYear() {
    const measure = wanted.measure.value === 'co2' ? 'co2' : 'energy'
    ofYear.value = await figures('panorama', flowOutputs(measure), { year: wanted.year.value })
    ofTown.value = null
    const town = wanted.town.value
    if (!town) return
    const list = await get<{ enterprises: Enterprise[] }>('/enterprises', { town, limit: 500 }).catch(() => null)
    if (!list || list.enterprises.length === 0) return
    names.value = new Map(list.enterprises.map((one) => [one.id, one.name]))
    const output = enterpriseOutput(measure)
    const where = { year: wanted.year.value, enterprise: list.enterprises.map((one) => one.id) }
    const told = await figures('panorama', [output], where)
    ofTown.value = told.tables.get(output) ?? null
  }
  async function attempt(work: () => Promise<void>) {
    try {
      failed.value = ''
      await work()
    } catch (error) {
      failed.value = error instanceof Error ? error.message : String(error)
    }
  }
  void attempt(loadAlways)
  watch([wanted.year, wanted.measure, wanted.town], () => attempt(loadYear), { immediate: true })
  const links = computed(() => {
    const tables = [...(ofYear.value?.tables.values() ?? [])]
    return ofTown.value ? [...tables, ofTown.value] : tables
  })
  return { always, ofYear, links, names, failed, level, again: () => attempt(async () => { await loadAlways(); await loadYear() }) }
}
