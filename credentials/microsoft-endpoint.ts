import { microsoftCloudNames, microsoftClouds, type MicrosoftCloud } from '../mail/microsoft-cloud';
import { choose } from './smtp-imap-oauth2/self';

/**
 * JavaScript for a text that the field `cloud` decides.
 *
 * @param others JavaScript by values of the field that are no clouds of the table
 */
export function perCloud(
	toText: (cloud: MicrosoftCloud) => string,
	others: Readonly<Record<string, string>> = {},
): string {
	// The usual one is the last, which also holds where nothing was chosen.
	const clouds = [...microsoftCloudNames]
		.reverse()
		.map((name) => [name, toText(microsoftClouds[name])] as const);
	return choose('cloud', { ...others, ...Object.fromEntries(clouds) });
}

const tenant = `encodeURIComponent(($self["tenant"] || "organizations").trim())`;

/**
 * JavaScript for an address of the sign-in.
 *
 * @param host JavaScript for its host
 */
export function toEndpoint(host: string, name: 'authorize' | 'token'): string {
	return `"https://" + ${host} + "/" + ${tenant} + "/oauth2/v2.0/${name}"`;
}
