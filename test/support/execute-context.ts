import { randomUUID } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import type {
	IBinaryData,
	IDataObject,
	IExecuteFunctions,
	INode,
	INodeExecutionData,
	NodeParameterValue,
} from 'n8n-workflow';

export interface ExecuteContextOptions {
	readonly items: INodeExecutionData[];
	/** Parameters of the node; a function stands for an expression over the item. */
	readonly parameters: Readonly<Record<string, unknown>>;
	/** Decrypted data of the node's credential. */
	readonly credential: IDataObject;
	readonly continueOnFail?: boolean;
	readonly cancelSignal?: AbortSignal;
	/** Content of n8n's binary store by id; what a node stores is added. */
	readonly store?: Map<string, Buffer>;
	/** Absent: the host gives the execution no name. */
	readonly executionId?: string;
	/** Which run of the node in its execution; default 0. */
	readonly runIndex?: number;
	/** Default: Send Email. */
	readonly node?: { readonly name: string; readonly type: string };
}

/**
 * The part of n8n's execute context that our nodes may use, with n8n's habits: a parameter that is not there
 * throws unless a fallback is given; a credential comes with its defaults; unknown calls do not exist.
 */
export function executeContext(options: ExecuteContextOptions): IExecuteFunctions {
	const node: INode = {
		id: '1',
		name: options.node?.name ?? 'Send Email',
		type: options.node?.type ?? 'n8n-nodes-email-connectors.sendEmail',
		typeVersion: 1,
		position: [0, 0],
		parameters: toWritten(options.parameters),
		credentials: { smtpImapApi: { id: '7', name: 'Support mailbox' } },
	};
	const context = {
		getNode: () => node,
		getInputData: () => options.items,
		continueOnFail: () => options.continueOnFail ?? false,
		getCredentials: async (type: string) => {
			if (type !== 'smtpImapApi') throw new Error(`Node does not have any credentials of ${type}`);
			return await Promise.resolve({ ...options.credential });
		},
		getNodeParameter: (
			name: string,
			itemIndex: number,
			fallback?: unknown,
			{ extractValue = false } = {},
		): unknown => {
			const given = options.parameters[name];
			const value: unknown = typeof given === 'function' ? given(options.items[itemIndex]) : given;
			const result = value === undefined ? fallback : value;
			if (result === undefined) throw new Error(`Could not get parameter "${name}"`);
			return extractValue ? toExtracted(result) : result;
		},
		getExecutionId: () => options.executionId,
		getWorkflowDataProxy: () => ({ $runIndex: options.runIndex ?? 0 }),
		getTimezone: () => 'Europe/Berlin',
		logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
		helpers: {
			getBinaryStream: async (id: string, chunkSize?: number) => {
				const content = options.store?.get(id);
				if (content === undefined) throw new Error(`No binary data of id ${id}`);
				return await Promise.resolve(toPieces(content, chunkSize ?? 1024));
			},
			prepareBinaryData: async (
				content: Buffer | Readable,
				fileName?: string,
				mimeType = 'text/plain',
			): Promise<IBinaryData> => {
				const whole = Buffer.isBuffer(content) ? content : await buffer(content);
				return storedBinary(options.store ?? new Map(), whole, fileName, mimeType);
			},
		},
		// Older hosts have no such call.
		...(options.cancelSignal && { getExecutionCancelSignal: () => options.cancelSignal }),
	};
	return context as unknown as IExecuteFunctions;
}

/** Binary data as n8n keeps it inside the item (mode `default`). */
export function inlineBinary(
	content: string,
	fileName?: string,
	mimeType = 'text/plain',
): IBinaryData {
	return { data: Buffer.from(content).toString('base64'), mimeType, fileName };
}

/** Binary data as n8n keeps it beside the item (modes `filesystem-v2` and `database`). */
export function storedBinary(
	store: Map<string, Buffer>,
	content: Buffer,
	fileName?: string,
	mimeType = 'application/pdf',
): IBinaryData {
	const id = `filesystem-v2:workflows/1/executions/2/binary_data/${randomUUID()}`;
	store.set(id, content);
	return { data: 'filesystem-v2', id, mimeType, fileName };
}

/** The parameters as they stand in the workflow: an expression as its text. */
function toWritten(parameters: ExecuteContextOptions['parameters']): INode['parameters'] {
	const { connector, ...others } = parameters;
	const written = Object.entries(others).map(([name, value]): [string, string] => [
		name,
		typeof value === 'function' ? '={{ $json }}' : 'constant',
	]);
	return { ...Object.fromEntries(written), connector: connector as NodeParameterValue };
}

/** The value of a resource locator. */
function toExtracted(value: unknown): unknown {
	const isLocator = typeof value === 'object' && value !== null && 'mode' in value;
	return isLocator && 'value' in value ? value.value : value;
}

function ignore(): void {
	// Tests that look at the log bring their own.
}

function toPieces(content: Buffer, size: number): Readable {
	const pieces: Buffer[] = [];
	for (let at = 0; at < content.length; at += size) pieces.push(content.subarray(at, at + size));
	return Readable.from(pieces);
}
