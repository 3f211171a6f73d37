// 图 The parts of ECharts that pages use, in a chunk of their own that is loaded with the first chart.

import { BarChart, HeatmapChart, LineChart, SankeyChart } from 'echarts/charts'
import {
  AriaComponent,
  CalendarComponent,
  GridComponent,
  LegendComponent,
  MarkLineComponent,
  TooltipComponent,
  VisualMapComponent,
} from 'echarts/components'
import { init, use } from 'echarts/core'
import { SVGRenderer } from 'echarts/renderers'

use([BarChart, HeatmapChart, LineChart, SankeyChart, AriaComponent, CalendarComponent, GridComponent])
use([LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent, SVGRenderer])

export { init }
