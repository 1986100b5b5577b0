// Written by scripts/client-api.mjs from openapi.yaml; do not change it by hand.
export interface paths {
    "/v1/bosses": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List Bosses */
        get: operations["listBosses"];
        put?: never;
        /**
         * Create a Boss
         * @description With instructions or without. Durable before it is answered; all or nothing.
         */
        post: operations["createBoss"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at a Boss */
        get: operations["getBoss"];
        put?: never;
        post?: never;
        /** Remove a Boss that is over, with its instructions and reports */
        delete: operations["removeBoss"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/instructions": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the instructions of a Boss */
        get: operations["listInstructions"];
        put?: never;
        /**
         * Give a Boss instructions
         * @description All or nothing, and durable before it is answered. A refusal names the row, or the line of NDJSON that is no JSON object.
         */
        post: operations["appendInstructions"];
        /** Cancel the instructions that match, all that have not ended without a filter */
        delete: operations["cancelInstructions"];
        options?: never;
        head?: never;
        /** Change the priority of the instructions that match, of all that have not ended without a filter */
        patch: operations["changeInstructions"];
        trace?: never;
    };
    "/v1/bosses/{boss}/instructions/{id}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Look at an instruction and its attempts */
        get: operations["getInstruction"];
        put?: never;
        post?: never;
        /**
         * Cancel an instruction
         * @description One that runs is told to end (SIGTERM, its grace, then SIGKILL) and is reported as cancelled when it has.
         */
        delete: operations["cancelInstruction"];
        options?: never;
        head?: never;
        /**
         * Change the priority of an instruction
         * @description Of one that runs it counts if it has to be tried again.
         */
        patch: operations["changeInstruction"];
        trace?: never;
    };
    "/v1/bosses/{boss}/instructions/{id}/output": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read what an instruction wrote, or follow what it writes
         * @description Of a running attempt what it wrote by now. `Taylord-Cut: written=N, kept=M` when not all that an ended attempt wrote was kept: 64 MiB a stream, `--output-mib` a Boss, and not the last room of the disk.
         */
        get: operations["getOutput"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/work": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start, or resume after halt */
        post: operations["work"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/halt": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Start nothing new until told to work; what runs goes on */
        post: operations["halt"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/end": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Take no more instructions; be over when all are done */
        post: operations["end"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/stop": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Start nothing more and be over when what runs has finished
         * @description With `now=true` what runs is told to end (SIGTERM, then SIGKILL) and is reported as cancelled.
         */
        post: operations["stop"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Give what failed once more, as new instructions
         * @description Each new one says in `retry_of` which it stands for. What was given again already is left out, unless `ids` names it.
         */
        post: operations["retry"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/report": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read the report of a Boss
         * @description `Accept: application/x-ndjson` streams every entry after `after`, one a line. `Prefer: wait=N` waits until the Boss is over, at most N (and 3600) seconds, and is then answered as without it; a Boss that is halted and ending with work left refuses such a wait with `boss-halted`.
         */
        get: operations["getReport"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/arrays/{name}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read a shared array as it is now
         * @description At any time, also while workers change it: then some of their changes are in it and some are not.
         */
        get: operations["getArray"];
        /**
         * Give a Boss a shared array, or another one under a name that it has
         * @description The body is a .npy file of version 1.0 or 2.0, in C order and little-endian, of int8 to int64, uint8 to uint64, float32, float64 or bool. Its elements are written to /dev/shm while they come in. One that running work may have mapped is not replaced.
         */
        put: operations["putArray"];
        post?: never;
        /** Remove a shared array before its Boss is removed */
        delete: operations["removeArray"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/arrays": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** List the shared arrays of a Boss */
        get: operations["listArrays"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/bosses/{boss}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the events of a Boss
         * @description A WebSocket, each text message one JSON array of events `{seq, at, boss, instruction?, type, …}`; or with `Accept: text/event-stream` a stream of server-sent events, one each, whose id is its `seq`, with a comment every 15 s. `Last-Event-ID` goes before `since`. `gap` stands for what is kept no more (`from`, `to`), or was too much for a reader that stalled. `instruction.progress` is in no log and has no `seq`. What the client says is ignored. After `boss.over` the socket closes with 1000, the stream ends, and who comes again for it gets 204.
         */
        get: operations["listenToBoss"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Follow the events of all Bosses
         * @description A WebSocket, each text message one JSON array of events `{seq, at, boss, instruction?, type, …}`; or with `Accept: text/event-stream` a stream of server-sent events, one each, whose id is its `seq`, with a comment every 15 s. `Last-Event-ID` goes before `since`. `gap` stands for what is kept no more (`from`, `to`), or was too much for a reader that stalled. `instruction.progress` is in no log and has no `seq`. What the client says is ignored.
         */
        get: operations["listen"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/workers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See who works where */
        get: operations["listWorkers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/kinds": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See which worker kinds can be hired, and which plugins were left out and why */
        get: operations["listKinds"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/resources": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See what the machine has and who holds it */
        get: operations["getResources"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/debug/consistency": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Hold what the daemon has in memory against itself and against the store
         * @description It reads what unfinished Bosses have stored: seconds where that is millions of rows. What it finds is a bug to report.
         */
        get: operations["checkConsistency"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedulers": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** See which schedulers there are, how each is chosen and what can be set */
        get: operations["listSchedulers"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/schedulers/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * See what a scheduler would start now
         * @description One decision of the code that decides for Bosses, over lists, on a machine that has room for everything. Nothing runs, and what can never fit is kept, not refused.
         */
        post: operations["previewScheduler"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/prune": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Remove old Bosses
         * @description Bosses that are over go with their instructions, reports, outputs and arrays; an unfinished one never does. They are gone when it is answered; their room on the disk is given back soon after.
         */
        post: operations["prune"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/livez": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Is the daemon alive? */
        get: operations["livez"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/readyz": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Should it get new work? The problem names the reasons */
        get: operations["readyz"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/openapi.yaml": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Read this contract */
        get: operations["getContract"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/metrics": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Read counts, times and levels, for Prometheus and others
         * @description OpenMetrics 1.0, or the text form 0.0.4 of Prometheus where `Accept` prefers that. Counts begin at 0 with the daemon and show committed state only. Label values are bounded: nothing in them comes from clients.
         */
        get: operations["getMetrics"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/v1/drain": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Let the daemon go down, as SIGTERM does
         * @description Nothing new starts, new work is refused with `draining`, `/readyz` says `not-ready`. What runs has `grace` seconds; what is not done by then is broken off and tried again after the next start. Then the process ends with 0. Asked again, it answers the same.
         */
        post: operations["drain"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description A refusal (RFC 9457); further members are the facts of the case */
        Problem: {
            /** @enum {string} */
            type: "about:blank";
            /** @description the phrase of the status */
            title: string;
            status: number;
            /**
             * @description stable name of what happened; decide by this one
             * @enum {unknown}
             */
            code: "bad-json" | "bad-request" | "not-found" | "stalled" | "name-taken" | "boss-not-listening" | "boss-halted" | "boss-not-over" | "already-done" | "array-in-use" | "idempotency-in-progress" | "too-large" | "unsupported-type" | "uneven-columns" | "no-adequate-worker" | "ambiguous-worker" | "unknown-attribute-token" | "never-fits" | "missing-array" | "idempotency-conflict" | "invalid" | "upgrade-required" | "headers-too-large" | "internal" | "draining" | "not-ready" | "store-refuses";
            /** @description for a person: what was asked, what there is, what to do */
            detail: string;
        } & {
            [key: string]: unknown;
        };
        /** @description A Boss: it takes instructions and answers with reports */
        Boss: {
            id: number;
            name?: string;
            /**
             * @description working, halted, ending or stopping while it lives; finished, stopped (work left over) or failed once it is over
             * @enum {unknown}
             */
            status: "working" | "halted" | "ending" | "stopping" | "finished" | "stopped" | "failed";
            halted: boolean;
            ending: boolean;
            /** @description the policy with every setting resolved */
            scheduler: {
                [key: string]: unknown;
            };
            /** @enum {string} */
            crew: "local";
            on_error: "continue" | "stop";
            verbose: boolean;
            maxlenreport: number;
            /** @description how often what failed is tried, and when */
            retry?: {
                /** @description in all, the first one included */
                attempts: number;
                /**
                 * @description s before the second attempt; doubled for each further one
                 * @default 1
                 */
                backoff?: number;
                /**
                 * @description s at most between two attempts
                 * @default 300
                 */
                max_backoff?: number;
                /**
                 * @description share of the pause that chance may add, so that what failed together does not come back together
                 * @default 0.1
                 */
                jitter?: number;
                /** @description causes after which it is tried again; every failure when absent */
                on?: ("exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start")[];
                /**
                 * @description after `oom` the next attempt may take so many times the memory
                 * @default 1
                 */
                memory_factor?: number;
            };
            counts: {
                pending: number;
                working: number;
                succeeded: number;
                failed: number;
                cancelled: number;
            };
            /** @description why the Boss itself failed, such as its custom scheduler; what failed in an instruction is in the report */
            error?: {
                /** @description name of what happened */
                type: string;
                /** @description for a person */
                message: string;
            };
            /** Format: date-time */
            created_at: string;
            /** Format: date-time */
            over_at?: string;
        };
        /** @description One page of Bosses */
        BossList: {
            items: components["schemas"]["Boss"][];
            /** @description give it as `after` for the next page; absent on the last */
            next?: string;
        };
        /** @description One piece of work */
        Instruction: {
            /** @description from 1 in each Boss */
            id: number;
            name: string;
            /** @description the worker kind it was resolved to */
            kind: string;
            /** @enum {unknown} */
            status: "pending" | "working" | "succeeded" | "failed" | "cancelled";
            attributes: {
                [key: string]: unknown;
            };
            cores: number;
            priority: number;
            /** @description the limits that hold for it; null where there is none */
            limits: {
                /** @description s that an attempt may take */
                timeout: number | null;
                /** @description s that it may wait for its first start */
                expires: number | null;
                /** @description s between being asked to end and being killed */
                grace: number;
                /** @description MiB that it may take */
                memory: number | null;
                /** @description when it is tried again; its Boss’s if it has none of its own */
                retry: {
                    /** @description in all, the first one included */
                    attempts: number;
                    /**
                     * @description s before the second attempt; doubled for each further one
                     * @default 1
                     */
                    backoff?: number;
                    /**
                     * @description s at most between two attempts
                     * @default 300
                     */
                    max_backoff?: number;
                    /**
                     * @description share of the pause that chance may add, so that what failed together does not come back together
                     * @default 0.1
                     */
                    jitter?: number;
                    /** @description causes after which it is tried again; every failure when absent */
                    on?: ("exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start")[];
                    /**
                     * @description after `oom` the next attempt may take so many times the memory
                     * @default 1
                     */
                    memory_factor?: number;
                } | null;
                /** @description it never begins twice */
                at_most_once: boolean;
            };
            /** @description the instruction of which it is a new go */
            retry_of?: number;
            /** @description that one’s Boss, where it is another */
            retry_of_boss?: number;
            /**
             * Format: date-time
             * @description when its next attempt may begin
             */
            not_before?: string;
            attempts: ({
                attempt: number;
                /** @description how an instruction ended */
                outcome?: "succeeded" | "failed" | "cancelled";
                /**
                 * @description why it did not succeed
                 * @enum {unknown}
                 */
                cause?: "exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start" | "requested" | "stopped" | "expired";
                started_at?: string | null;
                /** Format: date-time */
                finished_at?: string;
                /** @description what the run cost */
                usage?: {
                    /** @description s from start to end */
                    wall: number;
                    /** @description s of CPU time, null when not known */
                    cpu: number | null;
                    /** @description peak resident memory in MiB, null when not known */
                    max_rss: number | null;
                };
            } & {
                [key: string]: unknown;
            })[];
            /** @description why it does not run yet */
            waiting_for?: string;
        };
        /** @description One page of instructions */
        InstructionList: {
            items: components["schemas"]["Instruction"][];
            /** @description give it as `after` for the next page; absent on the last */
            next?: string;
        };
        /** @description What an append stored, durably */
        Appended: {
            count: number;
            /** @description id of the first one */
            first: number;
            /** @description id of the last one; all between belong to this append */
            last: number;
        };
        /** @description What each row would become */
        DryRun: {
            instructions: {
                name?: string;
                kind: string;
                attributes: Record<string, unknown>;
            }[];
        };
        /** @description Bosses that were removed */
        Pruned: {
            /** @description true: nothing was removed */
            dry_run: boolean;
            /** @description how many */
            bosses: number;
            /** @description that they took, estimated */
            bytes: number;
            /** @description the first 1,000 of them, the oldest first */
            items: {
                id: number;
                name?: string;
                /** @enum {unknown} */
                status: "finished" | "stopped" | "failed";
                /** Format: date-time */
                over_at: string;
                /** @description estimated */
                bytes: number;
            }[];
        };
        /** @description One final report */
        ReportEntry: {
            /** @description one increasing number for the whole daemon */
            seq: number;
            instruction: number;
            name: string;
            /** @description the worker kind that was hired */
            kind: string;
            /** @description how an instruction ended */
            outcome: "succeeded" | "failed" | "cancelled";
            /** @description what the task returned; null when it returned nothing */
            report: unknown;
            /**
             * @description why it did not succeed
             * @enum {unknown}
             */
            cause?: "exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start" | "requested" | "stopped" | "expired";
            error?: {
                type: string;
                message: string;
            };
            traceback?: string;
            exit_code?: number;
            signal?: string;
            /** @description the limit that ended it */
            limit?: number;
            /** @description what was measured against that limit */
            measured?: number;
            /** @description last lines of stderr of a task that failed */
            stderr_tail?: string;
            attempt: number;
            scheduler_ticket: number | null;
            /** @description CPUs it was bound to; empty when it could use all */
            cpus: number[];
            node?: string;
            /** @description null when it never started */
            started_at: string | null;
            /** Format: date-time */
            finished_at: string;
            /** @description what the run cost */
            usage: {
                /** @description s from start to end */
                wall: number;
                /** @description s of CPU time, null when not known */
                cpu: number | null;
                /** @description peak resident memory in MiB, null when not known */
                max_rss: number | null;
            };
        };
        /** @description One page of a report */
        Report: {
            boss: number;
            /**
             * @description interim while the Boss lives; then finished, pending (work left over) or workers exception (a failure stopped it)
             * @enum {unknown}
             */
            status: "interim" | "finished" | "pending" | "workers exception";
            /** @description ordered by seq */
            workers_report: components["schemas"]["ReportEntry"][];
            /** @description instructions not yet ended */
            pending: number;
            /** @description the last seq of this page, exactly when more is committed; give it as `after` */
            next?: number;
        };
        /** @description An array in memory that the workers of a Boss share; C order, little-endian */
        SharedArray: {
            name: string;
            /** @enum {unknown} */
            dtype: "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" | "float32" | "float64" | "bool";
            /** @description lengths of its dimensions; [] for a single value */
            shape: number[];
            /** @description its .npy file on the machine of the daemon, which others can map too */
            path: string;
        };
        /** @description The shared arrays of a Boss */
        SharedArrayList: {
            items: components["schemas"]["SharedArray"][];
        };
        /** @description Worker processes and what they carry out */
        WorkerList: {
            items: {
                host: number;
                pid: number | null;
                node: string;
                place?: number;
                cpus: number[];
                boss?: number;
                instruction?: number;
                name?: string;
                kind?: string;
                scheduler_ticket?: number | null;
                /** @description instructions sent ahead to it, not begun */
                ahead: number;
            }[];
        };
        /** @description The daemon goes down */
        Draining: {
            /** @description seconds that what runs has from the first time on that it was asked to go down */
            grace: number;
            /** @description workers that carry something out */
            working: number;
            /** @description these workers */
            items: {
                host: number;
                pid: number | null;
                node: string;
                place?: number;
                cpus: number[];
                boss?: number;
                instruction?: number;
                name?: string;
                kind?: string;
                scheduler_ticket?: number | null;
                /** @description instructions sent ahead to it, not begun */
                ahead: number;
            }[];
        };
        /** @description Worker kinds that can be hired */
        KindList: {
            items: {
                kind: string;
                /** @description plugin file, absent for built-in kinds */
                file?: string;
                footprint: Record<string, unknown>;
                schema: Record<string, unknown>;
                /** @description why workers could not load it; absent when they could */
                fault?: {
                    type: string;
                    message: string;
                    /** Format: date-time */
                    since: string;
                    /**
                     * Format: date-time
                     * @description until then its instructions fail at once
                     */
                    retry_at?: string;
                };
            }[];
            /** @description plugins that were left out */
            refused: {
                file: string;
                reason: string;
            }[];
        };
        /** @description Policies that a Boss can ask for */
        SchedulerList: {
            items: {
                scheduler: string;
                /** @description plugin file, absent for the policies of the program */
                file?: string;
                info: string;
                /** @description a request that chooses it; mandatory settings of a plugin have to be added */
                example: Record<string, unknown>;
                /** @description the attributes by which it is chosen and set. What others know in a request is left aside; a policy of a plugin refuses it */
                settings: {
                    [key: string]: {
                        /** @enum {unknown} */
                        type: "str" | "FPStr" | "int" | "float" | "bool" | "FPList" | "FPTuple" | "FPSet" | "FPDict" | "array";
                        /** @description what it may be */
                        values?: unknown[];
                        /** @description other names */
                        alias?: string[];
                        optional?: boolean;
                        default?: unknown;
                        info: string;
                    };
                };
            }[];
        };
        /** @description One decision of a scheduler */
        Preview: {
            /** @description rows that may start now, in launch order, each as it was given but with its `scheduler_ticket`: null when it gets none */
            launchable: Record<string, unknown>[];
            /** @description names of the others, in the order in which they are kept */
            not_yet_launchable: string[];
        };
        /** @description What the machine has and who holds it */
        Resources: {
            cores: {
                total: number;
                cpus: number[];
                order: number[];
            };
            /** @description MiB */
            memory: {
                total: number;
                granted: number;
            };
            /**
             * @description how declared memory is enforced: by the kernel (cgroups), or by watching what processes hold
             * @enum {unknown}
             */
            memory_enforcement: "cgroup2" | "cgroup1" | "rss";
            /** @description why not by something better */
            memory_enforcement_reason?: string;
            slots: {
                total: number;
                used: number;
            };
            places: {
                place: number;
                cpus: number[];
                boss: number;
                cores: number;
                /** @description MiB */
                memory: number;
            }[];
            store: {
                file: string;
                ready: boolean;
                reason?: string;
            };
        };
        /** @description Whether everything agrees with everything else */
        Consistency: {
            consistent: boolean;
            /** @description what does not agree */
            breaches: string[];
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    listBosses: {
        parameters: {
            query?: {
                /** @description entries of a page at most */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
                /** @description which come first */
                order?: "oldest" | "newest";
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page; `Link` with rel="next" leads on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["BossList"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    createBoss: {
        parameters: {
            query?: never;
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
                /**
                 * @description W3C Trace Context: what the instructions carry out belongs to this trace; programs get it as `TRACEPARENT`. An invalid one is ignored
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: string;
                /** @description handed on beside it, as `TRACESTATE`; 512 characters of it */
                tracestate?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "name": "nightly",
                 *       "scheduler": {
                 *         "limit": "threads",
                 *         "max_threads": 4
                 *       },
                 *       "common_instructions": {
                 *         "kind": "sleeper"
                 *       },
                 *       "individual_instructions": {
                 *         "sleeping_time": [
                 *           1,
                 *           2
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description unique among the Bosses that are not over */
                    name?: string;
                    /** @description the policy, as in taylorism: {"limit": "threads", "max_threads": N, "singlefile"?, "binded"?}, {"limit": "memory", "max_memory"?, "memory_per_task"?, "memory_max_percentage"?, "binded"?}, {"limit": "threads+memory", "max_threads": N, and as memory} {"nosort": true}, or {"scheduler": name, …settings} of a plugin; half the cores as threads when absent or null. GET /v1/schedulers tells more */
                    scheduler?: Record<string, unknown> | null;
                    /** @description attributes that every row carries unless it says otherwise */
                    common_instructions?: Record<string, unknown>;
                    /** @description columns of equal length: row i takes value i of each */
                    individual_instructions?: {
                        [key: string]: unknown[];
                    };
                    /** @description rows; instead of individual_instructions */
                    instructions?: Record<string, unknown>[];
                    /** @description shared arrays of zeros, by name; PUT …/arrays/{name} gives others */
                    arrays?: {
                        [key: string]: {
                            /** @enum {unknown} */
                            dtype: "int8" | "int16" | "int32" | "int64" | "uint8" | "uint16" | "uint32" | "uint64" | "float32" | "float64" | "bool";
                            /** @description lengths of its dimensions; [] for a single value */
                            shape: number[];
                        };
                    };
                    /**
                     * @description false: halted until told to work
                     * @default true
                     */
                    start?: boolean;
                    /**
                     * @description true: takes no more instructions and is over when these are done
                     * @default false
                     */
                    end?: boolean;
                    /**
                     * @description stop: the first failure stops the others
                     * @default continue
                     * @enum {unknown}
                     */
                    on_error?: "continue" | "stop";
                    /**
                     * @description true: the log has who started, and what each success reported
                     * @default false
                     */
                    verbose?: boolean;
                    /**
                     * @description characters of a report that are logged; the report itself is not cut
                     * @default 1024
                     */
                    maxlenreport?: number;
                    /** @description how often what failed is tried, and when */
                    retry?: {
                        /** @description in all, the first one included */
                        attempts: number;
                        /**
                         * @description s before the second attempt; doubled for each further one
                         * @default 1
                         */
                        backoff?: number;
                        /**
                         * @description s at most between two attempts
                         * @default 300
                         */
                        max_backoff?: number;
                        /**
                         * @description share of the pause that chance may add, so that what failed together does not come back together
                         * @default 0.1
                         */
                        jitter?: number;
                        /** @description causes after which it is tried again; every failure when absent */
                        on?: ("exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start")[];
                        /**
                         * @description after `oom` the next attempt may take so many times the memory
                         * @default 1
                         */
                        memory_factor?: number;
                    };
                    /**
                     * @description where its workers run
                     * @default local
                     * @enum {unknown}
                     */
                    crew?: "local";
                };
            };
        };
        responses: {
            /** @description the Boss; `Location` leads to it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Timeout: `stalled` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `name-taken`, `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Payload Too Large: `too-large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `uneven-columns`, `no-adequate-worker`, `ambiguous-worker`, `unknown-attribute-token`, `never-fits`, `missing-array`, `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining`, `not-ready` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getBoss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the Boss */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeBoss: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-not-over` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listInstructions: {
        parameters: {
            query?: {
                status?: "pending" | "working" | "succeeded" | "failed" | "cancelled";
                kind?: string;
                name?: string;
                cause?: "exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start" | "requested" | "stopped" | "expired";
                /** @description entries of a page at most */
                limit?: number;
                /** @description `next` of the page before */
                after?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description one page; `Link` with rel="next" leads on */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InstructionList"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    appendInstructions: {
        parameters: {
            query?: {
                /** @description say what each row would become and store nothing */
                dry_run?: boolean;
            };
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
                /**
                 * @description W3C Trace Context: what the instructions carry out belongs to this trace; programs get it as `TRACEPARENT`. An invalid one is ignored
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: string;
                /** @description handed on beside it, as `TRACESTATE`; 512 characters of it */
                tracestate?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "common_instructions": {
                 *         "kind": "sleeper"
                 *       },
                 *       "individual_instructions": {
                 *         "sleeping_time": [
                 *           1,
                 *           2,
                 *           3
                 *         ]
                 *       }
                 *     }
                 */
                "application/json": {
                    /** @description attributes that every row carries unless it says otherwise */
                    common_instructions?: Record<string, unknown>;
                    /** @description columns of equal length: row i takes value i of each */
                    individual_instructions?: {
                        [key: string]: unknown[];
                    };
                    /** @description rows; instead of individual_instructions */
                    instructions?: Record<string, unknown>[];
                    /**
                     * @description true: a refusal also stops the Boss at once
                     * @default false
                     */
                    fatal?: boolean;
                };
                "application/x-ndjson": unknown;
            };
        };
        responses: {
            /** @description of a dry run */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DryRun"];
                };
            };
            /** @description stored */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appended"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Timeout: `stalled` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Payload Too Large: `too-large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `uneven-columns`, `no-adequate-worker`, `ambiguous-worker`, `unknown-attribute-token`, `never-fits`, `missing-array`, `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining`, `not-ready` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelInstructions: {
        parameters: {
            query?: {
                /** @description both when absent */
                status?: "pending" | "working";
                kind?: string;
                name?: string;
                /** @description why, for who reads its report */
                reason?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description how many; those that run end later */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        cancelled: number;
                    };
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeInstructions: {
        parameters: {
            query?: {
                /** @description both when absent */
                status?: "pending" | "working";
                kind?: string;
                name?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    priority: number;
                };
            };
        };
        responses: {
            /** @description how many */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        changed: number;
                    };
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getInstruction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the instruction */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruction"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    cancelInstruction: {
        parameters: {
            query?: {
                /** @description why, for who reads its report */
                reason?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description cancelled */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruction"];
                };
            };
            /** @description it will end; it runs, or its worker has not given it back yet */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruction"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `already-done` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    changeInstruction: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    priority: number;
                };
            };
        };
        responses: {
            /** @description as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Instruction"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `already-done` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getOutput: {
        parameters: {
            query?: {
                stream?: "stdout" | "stderr";
                /** @description the newest when absent */
                attempt?: number;
                /** @description true: go on with what is written until the attempt ends; of an instruction that waits, begin when it begins */
                follow?: boolean;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                id: number;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description the bytes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    work: {
        parameters: {
            query?: never;
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": {
                    /**
                     * @description true: end once everything is done
                     * @default false
                     */
                    terminate?: boolean;
                    /**
                     * @description true: the Boss is over, its workers go on unheard
                     * @default false
                     */
                    stop_listening?: boolean;
                };
            };
        };
        responses: {
            /** @description the Boss as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Timeout: `stalled` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    halt: {
        parameters: {
            query?: never;
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, unknown>;
            };
        };
        responses: {
            /** @description the Boss as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Timeout: `stalled` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    end: {
        parameters: {
            query?: never;
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, unknown>;
            };
        };
        responses: {
            /** @description the Boss as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Timeout: `stalled` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    stop: {
        parameters: {
            query?: {
                now?: boolean;
            };
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: {
            content: {
                "application/json": Record<string, unknown>;
            };
        };
        responses: {
            /** @description the Boss as it is now */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Boss"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Timeout: `stalled` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-not-listening`, `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    retry: {
        parameters: {
            query?: never;
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
                /**
                 * @description W3C Trace Context: what the instructions carry out belongs to this trace; programs get it as `TRACEPARENT`. An invalid one is ignored
                 * @example 00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01
                 */
                traceparent?: string;
                /** @description handed on beside it, as `TRACESTATE`; 512 characters of it */
                tracestate?: string;
            };
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": {
                    /** @description only what ended by one of these; every failure when absent */
                    causes?: ("exception" | "exit" | "signal" | "oom" | "timeout" | "lost" | "start" | "requested" | "stopped" | "expired")[];
                    /** @description only these; also what was given again before */
                    ids?: number[];
                    /** @description id or name of the Boss that gets them; the same one when absent */
                    into?: string;
                };
            };
        };
        responses: {
            /** @description stored */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Appended"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-not-listening`, `name-taken`, `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `never-fits`, `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getReport: {
        parameters: {
            query?: {
                /** @description false: refuse with `boss-not-over` before the end */
                interim?: boolean;
                /** @description seq after which to begin */
                after?: number;
                /** @description entries of a page at most */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a page, or all entries; `Preference-Applied: wait=N` after a wait */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Report"];
                    "application/x-ndjson": string;
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-halted`, `boss-not-over` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getArray: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the array */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description a .npy file */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    putArray: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the array */
                name: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/octet-stream": unknown;
            };
        };
        responses: {
            /** @description it replaced another one */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedArray"];
                };
            };
            /** @description the Boss has it */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedArray"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Timeout: `stalled` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `boss-not-listening`, `array-in-use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining`, `not-ready` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    removeArray: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
                /** @description of the array */
                name: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description removed */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `array-in-use` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listArrays: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description all of them, by name */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedArrayList"];
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listenToBoss: {
        parameters: {
            query?: {
                /** @description seq after which to begin; 0 = the oldest kept, absent = only what happens from now on */
                since?: number;
                /** @description only reports of these kinds, separated by commas, and what becomes of Bosses */
                kind?: string;
                /** @description only reports with these outcomes, separated by commas, and what becomes of Bosses */
                outcome?: string;
            };
            header?: never;
            path: {
                /** @description id or name */
                boss: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events follow */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description events follow */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description the Boss is over and nothing follows: do not come again */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Upgrade Required: `upgrade-required` */
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listen: {
        parameters: {
            query?: {
                /** @description only of these Bosses, ids or names, separated by commas */
                boss?: string;
                /** @description seq after which to begin; 0 = the oldest kept, absent = only what happens from now on */
                since?: number;
                /** @description only reports of these kinds, separated by commas, and what becomes of Bosses */
                kind?: string;
                /** @description only reports with these outcomes, separated by commas, and what becomes of Bosses */
                outcome?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description events follow */
            101: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description events follow */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Not Found: `not-found` */
            404: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Upgrade Required: `upgrade-required` */
            426: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listWorkers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description worker processes */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WorkerList"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listKinds: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description worker kinds */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KindList"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getResources: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description cores, memory, slots, places, store */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Resources"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    checkConsistency: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description what was found */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Consistency"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    listSchedulers: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description policies of the program, defaults as on this machine, and those of plugins */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SchedulerList"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    previewScheduler: {
        parameters: {
            query?: never;
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "scheduler": {
                 *         "limit": "memory",
                 *         "max_memory": 1000
                 *       },
                 *       "pending": [
                 *         {
                 *           "name": "large",
                 *           "memory": 900
                 *         },
                 *         {
                 *           "name": "small",
                 *           "memory": 100
                 *         }
                 *       ],
                 *       "workers": [
                 *         {
                 *           "name": "running",
                 *           "scheduler_ticket": 0,
                 *           "memory": 500
                 *         }
                 *       ]
                 *     }
                 */
                "application/json": {
                    /** @description the policy, as in taylorism */
                    scheduler: Record<string, unknown>;
                    /** @description what waits, in order of arrival: `name`, and `memory`, `expected_time`, `fileA`, `fileB` as the policy reads them */
                    pending: Record<string, unknown>[];
                    /** @description what runs: `scheduler_ticket`, `memory`, `fileA`, `fileB` as the policy reads them; nothing when absent */
                    workers?: Record<string, unknown>[];
                    /** @description as if on a machine of so many CPUs; this one when absent */
                    cpu_count?: number;
                    /** @description as if on a machine of so much memory; this one when absent */
                    system_memory_mib?: number;
                };
            };
        };
        responses: {
            /** @description the decision */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Preview"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Payload Too Large: `too-large` */
            413: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    prune: {
        parameters: {
            query?: never;
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        /** @description one limit is enough to go; without any, the limits of the daemon (--keep-days, --keep-bosses, --keep-mib) */
        requestBody: {
            content: {
                /**
                 * @example {
                 *       "older_than": 604800,
                 *       "dry_run": true
                 *     }
                 */
                "application/json": {
                    /** @description s since they were over: those go that were over before */
                    older_than?: number;
                    /** @description so many of the newest stay */
                    keep?: number;
                    /** @description of the database and of what programs wrote: the oldest go until it is no more */
                    max_bytes?: number;
                    /**
                     * @description true: say what would go, remove nothing
                     * @default false
                     */
                    dry_run?: boolean;
                };
            };
        };
        responses: {
            /** @description what was removed */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Pruned"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Insufficient Storage: `store-refuses` */
            507: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    livez: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        ok: true;
                    };
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    readyz: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description It is */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": {
                        /** @enum {boolean} */
                        ok: true;
                    };
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `not-ready`, `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getContract: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description OpenAPI 3.1 */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/yaml": string;
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    getMetrics: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description families of figures */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/openmetrics-text": string;
                    "text/plain": string;
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
    drain: {
        parameters: {
            query?: never;
            header?: {
                /** @description the call is carried out once, however often it is sent with this key; kept for 24 hours */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": Record<string, unknown>;
            };
        };
        responses: {
            /** @description it goes down; what still runs */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Draining"];
                };
            };
            /** @description Bad Request: `bad-json` */
            400: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Request Timeout: `stalled` */
            408: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Conflict: `idempotency-in-progress` */
            409: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unsupported Media Type: `unsupported-type` */
            415: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Unprocessable Entity: `invalid`, `idempotency-conflict` */
            422: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Internal Server Error: `internal` */
            500: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
            /** @description Service Unavailable: `draining` */
            503: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/problem+json": components["schemas"]["Problem"];
                };
            };
        };
    };
}
