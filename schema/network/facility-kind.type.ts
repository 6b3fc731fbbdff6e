import type { FacilityKind } from '../../entities/network/facility.entity.js';
import { enumeration } from '../shared/enumeration.js';

export const FacilityKindEnum = enumeration<FacilityKind>('FacilityKind', 'What a facility is.', {
  CITY_CENTER: 'A city’s eldercare service centre (市级养老服务中心), the root of its tree.',
  COUNTY_CENTER: 'A county’s or district’s centre (县级养老服务中心); stands beneath a city centre.',
  STREET_CENTER: 'A street’s or town’s centre (街道综合养老服务中心); stands beneath a county centre.',
  DAY_CARE_CENTER:
    'A community’s day-care centre (社区日间照料中心); stands beneath a street, regional or county centre.',
  HOME_CARE_STATION:
    'A community’s home-care station (居家养老服务站); stands beneath a street, regional or county centre.',
  ELDER_CANTEEN:
    'An elder canteen (长者食堂); stands beneath a street, regional or county centre, a day-care centre or a home-care station.',
  NURSING_HOME: 'A nursing home (养老机构); stands beneath a city, county, street or regional centre.',
  REGIONAL_CENTER:
    'A township home turned into a centre for several townships (区域性养老服务中心); stands beneath a county centre.',
  HAPPINESS_HOME:
    'A village mutual-help home (农村幸福院); stands beneath a street, regional or county centre.',
  NEIGHBOR_POINT:
    'A village neighbour point (村睦邻点); stands beneath a street, regional or county centre or a happiness home.',
});
