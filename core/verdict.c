#include "core/verdict.h"

#include "core/text.h"

static bool is_yes(const char *s)
{
    return cilp_text_same(s, "true");
}

/* No grant was found: whose is what can be seen all the same? */
static enum cilp_verdict why_nothing(enum cilp_sight sight,
                                     const struct cilp_image *image,
                                     const char *account)
{
    if (sight == CILP_SIGHT_UNKNOWN)
        return CILP_VERDICT_UNSEEN;
    if (sight == CILP_SIGHT_NONE)
        return CILP_VERDICT_NOT_VISIBLE;
    if (account[0] && cilp_text_same(account, image->owner))
        return CILP_VERDICT_OWN;
    if (image->state[0] && !cilp_text_same(image->state, "available") &&
        !cilp_text_same(image->state, "disabled"))
        return CILP_VERDICT_UNAVAILABLE;
    return is_yes(image->is_public) ? CILP_VERDICT_PUBLIC
                                    : CILP_VERDICT_ORGANIZATION;
}

static enum cilp_verdict what_is_left(enum cilp_sight sight,
                                      const struct cilp_image *image)
{
    if (sight == CILP_SIGHT_UNKNOWN)
        return CILP_VERDICT_UNCHECKED;
    if (sight == CILP_SIGHT_NONE)
        return CILP_VERDICT_ENDED;
    return is_yes(image->is_public) ? CILP_VERDICT_STILL_PUBLIC
                                    : CILP_VERDICT_STILL_SHARED;
}

/* A dry run looks at permissions, perhaps not at the image: what can be seen
 * decides. */
static enum cilp_verdict what_may_be(enum cilp_sight sight,
                                     const struct cilp_image *image,
                                     const char *account)
{
    enum cilp_verdict nothing = why_nothing(sight, image, account);

    if (nothing == CILP_VERDICT_PUBLIC)
        return CILP_VERDICT_PUBLIC_OR_SHARED;
    return nothing == CILP_VERDICT_ORGANIZATION ? CILP_VERDICT_SHARED : nothing;
}

/* see verdict.h */
enum cilp_verdict cilp_verdict(enum cilp_outcome outcome, enum cilp_sight sight,
                               const struct cilp_image *image,
                               const char *account)
{
    switch (outcome) {
    case CILP_CANCELLED:
    case CILP_GONE: return what_is_left(sight, image);
    case CILP_PERMITTED: return what_may_be(sight, image, account);
    case CILP_NOTHING: return why_nothing(sight, image, account);
    case CILP_PENDING:
    case CILP_ANSWERED:
    case CILP_REFUSED:
    case CILP_UNKNOWN:
    case CILP_NOT_SENT: break;
    }
    return CILP_VERDICT_NONE;
}

static const struct {
    const char *word, *text;
    /* clang-format off */
} verdicts[] = {
    [CILP_VERDICT_NONE] = {"none", "nothing can be said about this image"},
    [CILP_VERDICT_ENDED] = {"ended",
        "this account cannot see the image any more"},
    [CILP_VERDICT_STILL_SHARED] = {"still-shared",
        "the account's own permission is gone, but the image can still be "
        "seen: it is shared with the organization or OU too, which only its "
        "owner can end, or EC2 has not caught up yet"},
    [CILP_VERDICT_STILL_PUBLIC] = {"still-public",
        "the account's own permission is gone, but the image is public and can "
        "still be launched"},
    [CILP_VERDICT_OWN] = {"own",
        "this account owns the image: change who may launch it with "
        "modify-image-attribute"},
    [CILP_VERDICT_PUBLIC] = {"public",
        "the image is public: an account cannot opt out of that; Allowed AMIs "
        "can keep it from being launched"},
    [CILP_VERDICT_ORGANIZATION] = {"organization",
        "the image is shared through the organization or OU: only its owner or "
        "the organization's administrator can end that"},
    [CILP_VERDICT_NOT_VISIBLE] = {"not-visible",
        "the image cannot be seen from here: another Region, never shared, "
        "cancelled already, or deregistered"},
    [CILP_VERDICT_UNSEEN] = {"unseen",
        "why there is nothing to cancel could not be checked: "
        "ec2:DescribeImages is not allowed"},
    [CILP_VERDICT_UNCHECKED] = {"unchecked",
        "whether the image can still be seen could not be checked: "
        "ec2:DescribeImages is not allowed"},
    [CILP_VERDICT_SHARED] = {"shared",
        "the image is shared with this account or with its organization, which "
        "cannot be told apart without cancelling; the call is permitted"},
    [CILP_VERDICT_PUBLIC_OR_SHARED] = {"public-or-shared",
        "the image is public; whether it is shared with this account besides "
        "could not be checked; the call is permitted"},
    [CILP_VERDICT_PUBLIC_AND_SHARED] = {"public-and-shared",
        "the image is public, which stays; it is shared with this account or "
        "with its organization too, which cannot be told apart without "
        "cancelling; the call is permitted"},
    [CILP_VERDICT_UNAVAILABLE] = {"unavailable",
        "the AMI is deregistered or in no state to be used: nothing is left to "
        "cancel, or nothing can be cancelled yet"},
};
/* clang-format on */

/* see verdict.h */
const char *cilp_verdict_text(enum cilp_verdict verdict)
{
    return verdicts[verdict].text;
}

/* see verdict.h */
const char *cilp_verdict_word(enum cilp_verdict verdict)
{
    return verdicts[verdict].word;
}
