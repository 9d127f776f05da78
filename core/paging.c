#include "core/paging.h"

#include <string.h>

#include "core/ask.h"

/* see paging.h */
void cilp_pages_prepare(struct cilp_pages *p)
{
    p->skip = p->in_page;
    p->in_page = 0;
    p->next_token[0] = '\0';
}

/* see paging.h */
void cilp_pages_form(const struct cilp_pages *p, struct cilp_text *out)
{
    if (!p->token[0])
        return;
    cilp_text_str(out, "&NextToken=");
    cilp_text_percent(out, p->token);
}

/* see paging.h */
bool cilp_pages_body(struct cilp_op *op, struct cilp_pages *p,
                     bool (*wanted)(const struct cilp_op *op))
{
    while (op->body_at < op->body_end) {
        size_t used = cilp_reply_feed(&op->reply, &op->result,
                                      op->rx + op->body_at,
                                      (size_t)(op->body_end - op->body_at));

        op->body_at = (uint16_t)(op->body_at + used);
        if (!op->reply.has_item || ++p->in_page <= p->skip || !wanted(op))
            continue;
        p->count++;
        return false;
    }
    return true;
}

/* see paging.h */
enum cilp_step cilp_pages_judge(struct cilp_op *op, struct cilp_pages *p)
{
    enum cilp_step step = cilp_ask_judge(op);

    if (op->result.outcome != CILP_ANSWERED) {
        /* what was skipped and did not come again was handed out all the same */
        if (p->in_page < p->skip)
            p->in_page = p->skip;
        return step;
    }
    if (p->next_token[CILP_PAGE_TOKEN_MAX])
        return cilp_ask_reject(op, CILP_WHAT_LONG_PAGE_TOKEN);
    if (p->next_token[0] && cilp_text_same(p->next_token, p->token))
        return cilp_ask_reject(op, CILP_WHAT_SAME_PAGE);
    memcpy(p->token, p->next_token, sizeof p->token);
    p->whole++;
    p->in_page = 0;
    op->t_start = op->now.mono_ms;
    return p->token[0] ? CILP_STEP_NEXT : step;
}
