import { readFile } from 'node:fs/promises';
import { MailError } from '../../mail/errors';
import { propertyOf } from './host-program';

/** What an administrator has set, and where: errors name the place, and never the value, which holds passwords. */
export interface AdministratorSetting {
	/** `N8N_EMAIL_GLOBAL_CONNECTOR` */
	readonly place: string;
	/** JSON text, or what has come out of JSON already. */
	readonly value: unknown;
}

export type Environment = Readonly<Record<string, string | undefined>>;

/** Room for a certificate and a signature, in characters. */
const LONGEST_SETTING = 256 * 1024;

const REMEDY =
	'Until the administrator of this n8n corrects the setting, no e-mail leaves. The package’s docs/global-connector.md describes it.';

/** Throws `settings.invalid` that names the place. `fault` never holds the value. */
export function refuseSetting(place: string, fault: string): never {
	throw new MailError('settings.invalid', { subject: `${place}: ${fault}`, remedy: REMEDY });
}

/**
 * Reads the environment variable `name`, or the file that `<name>_FILE` names, at every call: a file may change while
 * n8n runs. Undefined where neither is set. One that is set and empty is a fault: a secret that failed to arrive must
 * not open another way for the mail.
 */
export async function readSetting(
	name: string,
	environment: Environment,
): Promise<AdministratorSetting | undefined> {
	const fileName = `${name}_FILE`;
	const text = environment[name];
	const file = environment[fileName];
	if (text !== undefined && file !== undefined) {
		return refuseSetting(name, `${fileName} is set as well, only one of them may be`);
	}
	if (text !== undefined) return toSetting(name, text);
	if (file !== undefined) return toSetting(fileName, await readSettingFile(fileName, file));
	return undefined;
}

function toSetting(place: string, text: string): AdministratorSetting {
	if (text.trim() === '') return refuseSetting(place, 'it is empty; remove it to switch it off');
	if (text.length > LONGEST_SETTING) return refuseSetting(place, 'it is too long');
	return { place, value: text };
}

async function readSettingFile(place: string, file: string): Promise<string> {
	try {
		return await readFile(file, 'utf8');
	} catch (error) {
		return refuseSetting(place, `the file cannot be read${toCode(error)}`);
	}
}

/** ` (ENOENT)` */
function toCode(error: unknown): string {
	const code = propertyOf(error, 'code');
	return typeof code === 'string' ? ` (${code})` : '';
}
