import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import * as z from 'zod';
import {
	type AdministratorSetting,
	type Environment,
	refuseSetting,
} from './administrator-setting';
import { connectorKinds } from './connector-kind';
import { findContainer, hasMethod, type LoadFromHost, loadFromHost } from './host-program';

/** The hidden field that every connector type has. */
const FIELD = 'globalConnector';

/** Where n8n keeps its overwrites: seen from its program. */
const SERVICE_FILE = '../dist/credentials-overwrites.js';

const VARIABLE = 'CREDENTIALS_OVERWRITE_DATA';

/** What n8n is asked for. */
export interface OverwriteHost {
	readonly environment: Environment;
	readonly load?: LoadFromHost;
}

/**
 * The value that n8n's credential overwrites have for the hidden field of any connector type. n8n gives nodes no call for
 * it: what a node gets of a credential is the stored value, where there is one, and everybody may store one by REST. So
 * n8n's own service is asked, which also knows what came by the overwrite endpoint; and where it is not as expected, or
 * has nothing (`n8n execute` does not fill it), the environment that it is filled from.
 *
 * The field's own display options keep it out of what n8n decrypts: `{{ $self.globalConnector }}` in another field of
 * a credential would otherwise tell its author the password.
 *
 * Throws `settings.invalid` where types have different values, and where there may be overwrites that nobody can read.
 */
export async function readCredentialOverwrite({
	environment,
	load = loadFromHost,
}: OverwriteHost): Promise<AdministratorSetting | undefined> {
	const known = readService(load);
	if (known !== undefined && Object.keys(known).length > 0) return findValue(known);
	const fromEnvironment = await readOverwriteData(environment);
	if (known === undefined && mayComeOtherwise(environment)) {
		return refuseSetting(
			'CREDENTIALS_OVERWRITE_ENDPOINT, CREDENTIALS_OVERWRITE_PERSISTENCE',
			'this n8n does not let its credential overwrites be read; set N8N_EMAIL_GLOBAL_CONNECTOR instead',
		);
	}
	return fromEnvironment && findValue(fromEnvironment);
}

const overwritesSchema = z.record(z.string(), z.unknown());
const overwriteSchema = z.record(z.string(), z.unknown());
type Overwrites = z.infer<typeof overwritesSchema>;

function findValue(overwrites: Overwrites): AdministratorSetting | undefined {
	const found = Object.keys(connectorKinds).flatMap((type) => {
		const fields = overwriteSchema.safeParse(overwrites[type]);
		const value = fields.success ? fields.data[FIELD] : undefined;
		// n8n takes these for "not overwritten".
		if (value === undefined || value === null || value === '') return [];
		return { place: `credential overwrite of ${type}, ${FIELD}`, value };
	});
	const [first, ...others] = found;
	const differs = others.find(({ value }) => !isDeepStrictEqual(value, first?.value));
	if (differs !== undefined) refuseSetting(differs.place, 'other types have another value');
	return first;
}

const moduleSchema = z.object({ CredentialsOverwrites: z.custom((value) => value !== undefined) });
const serviceSchema = z.custom<{ getAll(): unknown }>((value) => hasMethod(value, 'getAll'));

/** Undefined where the host is put together in another way. */
function readService(load: LoadFromHost): Overwrites | undefined {
	try {
		const { CredentialsOverwrites } = moduleSchema.parse(load(SERVICE_FILE));
		const service = serviceSchema.parse(findContainer(load).get(CredentialsOverwrites));
		return overwritesSchema.parse(service.getAll());
	} catch {
		// Whatever it is, the next place is asked, or sending is refused.
		return undefined;
	}
}

/** As n8n reads it: the variable, otherwise the file that `_FILE` names. */
async function readOverwriteData(environment: Environment): Promise<Overwrites | undefined> {
	const file = environment[`${VARIABLE}_FILE`];
	const text = environment[VARIABLE] ?? (file ? await readOverwriteFile(file) : '');
	if (text.trim() === '') return undefined;
	const parsed = overwritesSchema.safeParse(toJson(text));
	return parsed.success ? parsed.data : refuseSetting(VARIABLE, 'is not valid JSON');
}

async function readOverwriteFile(file: string): Promise<string> {
	try {
		return await readFile(file, 'utf8');
	} catch {
		return refuseSetting(`${VARIABLE}_FILE`, 'the file cannot be read');
	}
}

function toJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

/** By n8n's endpoint, or out of its database. */
function mayComeOtherwise(environment: Environment): boolean {
	const isOn = (name: string) => !['', '0', 'false'].includes((environment[name] ?? '').trim());
	return isOn('CREDENTIALS_OVERWRITE_ENDPOINT') || isOn('CREDENTIALS_OVERWRITE_PERSISTENCE');
}
