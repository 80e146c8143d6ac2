import type { Importance } from '../message';
import type { CustomHeader } from './custom-header';

/**
 * Importance is RFC 4021, section 2.1.55; the other two are what Outlook and older readers look at. Normal
 * mail says nothing: X-Priority alone makes some filters suspicious.
 */
const headers: Readonly<Record<Importance, readonly CustomHeader[]>> = {
	high: [
		{ name: 'Importance', value: 'high' },
		{ name: 'X-Priority', value: '1' },
		{ name: 'X-MSMail-Priority', value: 'High' },
	],
	normal: [],
	low: [
		{ name: 'Importance', value: 'low' },
		{ name: 'X-Priority', value: '5' },
		{ name: 'X-MSMail-Priority', value: 'Low' },
	],
};

export function toImportanceHeaders(importance: Importance): readonly CustomHeader[] {
	return headers[importance];
}
