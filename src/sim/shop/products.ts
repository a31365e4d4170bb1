import type { Html } from '../http/html.ts';
import { PICTURES } from './pictures.ts';

export interface Product {
  id: string;
  name: string;
  category: string;
  priceCents: number;
  says: string;
  facts: readonly string[];
  picture: Html;
}

export const PRODUCTS: readonly Product[] = [
  {
    id: 'ember-cup',
    name: 'Ember cup',
    category: 'Kitchen',
    priceCents: 1890,
    says: 'A stoneware cup that keeps the first coffee warm until the second.',
    facts: ['Thrown and glazed by hand', 'Holds 280 ml', 'Dishwasher safe'],
    picture: PICTURES.cup,
  },
  {
    id: 'harbour-kettle',
    name: 'Harbour kettle',
    category: 'Kitchen',
    priceCents: 5990,
    says: 'Slow pour, steady spout, and a quiet whistle when it is time.',
    facts: ['Enamelled steel', 'Holds 1.2 litres', 'For gas and induction'],
    picture: PICTURES.kettle,
  },
  {
    id: 'amber-lamp',
    name: 'Amber lamp',
    category: 'Light',
    priceCents: 8900,
    says: 'A table lamp with the colour of late afternoon.',
    facts: ['Linen shade', 'Brass stem', 'Dims by touch'],
    picture: PICTURES.lamp,
  },
  {
    id: 'beeswax-candle',
    name: 'Beeswax candle',
    category: 'Light',
    priceCents: 1650,
    says: 'Forty hours of light that smells faintly of summer.',
    facts: ['Pure beeswax', 'Cotton wick', 'In a glass you will keep'],
    picture: PICTURES.candle,
  },
  {
    id: 'meadow-throw',
    name: 'Meadow throw',
    category: 'Textiles',
    priceCents: 7450,
    says: 'A wool throw, heavy enough to mean it.',
    facts: ['Undyed and woven wool', '130 × 180 cm', 'Wash cold'],
    picture: PICTURES.throw,
  },
  {
    id: 'market-tote',
    name: 'Market tote',
    category: 'Textiles',
    priceCents: 2400,
    says: 'Carries a week of vegetables and one good book.',
    facts: ['Heavy cotton canvas', 'Long handles', 'Inner pocket'],
    picture: PICTURES.tote,
  },
  {
    id: 'field-notebook',
    name: 'Field notebook',
    category: 'Paper',
    priceCents: 1250,
    says: 'Sewn pages that lie flat, wherever you are standing.',
    facts: ['160 pages, dotted', 'Paper made for ink', 'Fits a coat pocket'],
    picture: PICTURES.notebook,
  },
  {
    id: 'sunrise-print',
    name: 'Sunrise print',
    category: 'Paper',
    priceCents: 3900,
    says: 'Six in the morning, every day, on your wall.',
    facts: ['Three-colour screen print', '40 × 50 cm', 'Oak frame'],
    picture: PICTURES.print,
  },
];

const BY_ID = new Map(PRODUCTS.map((product) => [product.id, product]));

export function productOf(id: string): Product | undefined {
  return BY_ID.get(id);
}
