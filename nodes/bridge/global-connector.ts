import * as z from 'zod';
import { parseAddressList } from '../../mail/address';
import type { Address } from '../../mail/message';
import type { Override, OverrideRules } from '../../mail/outbox';
import { readAdministratorConnector } from './administrator-connector';
import { type AdministratorSetting, refuseSetting, readSetting } from './administrator-setting';
import { type OverwriteHost, readCredentialOverwrite } from './global-connector-overwrite';

const VARIABLE = 'N8N_EMAIL_GLOBAL_CONNECTOR';

/** By which way the administrator has set it. */
export type GlobalConnectorOrigin = 'environment' | 'overwrite';

/** The connector that every Send Email node of this n8n sends through, whatever its workflow has chosen. */
export interface GlobalConnector extends Override {
	readonly origin: GlobalConnectorOrigin;
}

/**
 * The global connector in force, read anew at each call; undefined where there is none. The environment wins over n8n's
 * credential overwrites. Throws `settings.invalid` where it is malformed: then nothing may be sent.
 */
export async function readGlobalConnector(
	host: OverwriteHost = { environment: process.env },
): Promise<GlobalConnector | undefined> {
	const fromEnvironment = await readSetting(VARIABLE, host.environment);
	if (fromEnvironment !== undefined) {
		return { origin: 'environment', ...toOverride(fromEnvironment) };
	}
	const fromOverwrite = await readCredentialOverwrite(host);
	return fromOverwrite && { origin: 'overwrite', ...toOverride(fromOverwrite) };
}

/** A recipient more is a recipient that the administrator has to know by heart. */
const MOST_ADDRESSES = 20;

const flag = z.boolean('must be true or false').optional();
const addresses = z
	.union([z.string(), z.array(z.string())], 'must be an address, or a list of them')
	.transform((given, context): readonly Address[] => {
		const list = toAddresses(given);
		if (list.length === 0) context.addIssue('must be an address, or a list of them');
		if (list.length > MOST_ADDRESSES)
			context.addIssue(`must be at most ${MOST_ADDRESSES} addresses`);
		return list;
	})
	.optional();

const rulesSchema = z.object({
	saveToSentItems: flag,
	forceFrom: flag,
	redirectAllTo: addresses,
	bccArchive: addresses,
});

function toOverride(setting: AdministratorSetting): Override {
	const names = Object.keys(rulesSchema.shape);
	const { connector, rules } = readAdministratorConnector(setting, names);
	return { connector, ...toRules(setting.place, rules) };
}

function toRules(place: string, given: Readonly<Record<string, unknown>>): OverrideRules {
	const result = rulesSchema.safeParse(given);
	if (!result.success) {
		const [issue] = result.error.issues;
		return refuseSetting(place, `${String(issue?.path[0])} ${issue?.message ?? 'is not valid'}`);
	}
	const { saveToSentItems, forceFrom = false, redirectAllTo = [], bccArchive = [] } = result.data;
	return { saveToSentItems, forceFrom, redirectAllTo, bccArchive };
}

/** Empty for what holds no address, or one that is none. */
function toAddresses(given: string | string[]): Address[] {
	try {
		return parseAddressList(given, '');
	} catch {
		// The reason would name the value.
		return [];
	}
}
